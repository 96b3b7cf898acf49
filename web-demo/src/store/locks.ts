// One page at a time. In: a name. Out: a hold on it, or null while another page has it. Must not know: what is guarded.
//
// Web Locks where the browser has them. Elsewhere (iOS before 15.4) a lease on the disk: its holder raises a counter, and who wants it
// watches whether the counter still rises. No clock is compared with another page's, so a jump of the clock takes nothing away. A lease may
// be lost by a page that sleeps; whoever writes under one must therefore check on the disk that it is still the holder.

import type { Disk } from './disk.ts';

export interface Hold {
  /** Resolves when the hold is over, by `release` or because another page took it. */
  readonly over: Promise<void>;
  release(): void;
}

export interface Locks {
  /** The hold, or null while somebody else has it. */
  tryHold(name: string): Promise<Hold | null>;
  /** Takes it from whoever has it. */
  take(name: string): Promise<Hold>;
}

export class WebLocks implements Locks {
  constructor(private readonly manager: LockManager) {}

  tryHold(name: string): Promise<Hold | null> {
    return this.ask(name, { ifAvailable: true });
  }

  async take(name: string): Promise<Hold> {
    const hold = await this.ask(name, { steal: true });
    if (!hold) throw new Error('a stolen lock is always given');
    return hold;
  }

  private ask(name: string, options: LockOptions): Promise<Hold | null> {
    return new Promise((resolve, reject) => {
      let end: () => void = () => undefined;
      const kept = new Promise<void>((done) => { end = done; });
      const request = this.manager.request(name, options, (lock) => {
        if (!lock) return void resolve(null);
        resolve({ over: settled, release: end });
        return kept;
      });
      // The request of a lock that is stolen is rejected.
      const settled: Promise<void> = request.then(() => undefined, (error: unknown) => reject(error));
    });
  }
}

const BEAT = 2_000;

export class LeaseLocks implements Locks {
  /** `wait` resolves after about so many milliseconds. */
  constructor(private readonly disk: Disk, private readonly holder: string, private readonly wait: (ms: number) => Promise<void>) {}

  async tryHold(name: string): Promise<Hold | null> {
    const before = await this.read(name);
    if (before && before.holder !== this.holder) {
      await this.wait(BEAT * 2.5);
      const now = await this.read(name);
      if (now && (now.holder !== before.holder || now.beat !== before.beat)) return null;
    }
    const mine = await this.disk.change(['leases'], async (at) => {
      const found = await at.get('leases', name);
      // Between looking and taking, another page may have been quicker.
      if (found && found.holder !== this.holder && (found.holder !== before?.holder || found.beat !== before.beat)) return false;
      at.put('leases', { name, holder: this.holder, beat: (found?.beat ?? 0) + 1 });
      return true;
    });
    return mine ? this.hold(name) : null;
  }

  async take(name: string): Promise<Hold> {
    await this.disk.change(['leases'], async (at) => {
      at.put('leases', { name, holder: this.holder, beat: ((await at.get('leases', name))?.beat ?? 0) + 1 });
    });
    return this.hold(name);
  }

  private read(name: string): Promise<{ readonly holder: string; readonly beat: number } | undefined> {
    return this.disk.look(['leases'], (at) => at.get('leases', name));
  }

  private hold(name: string): Hold {
    let held = true;
    const beat = async (): Promise<void> => {
      while (held) {
        await this.wait(BEAT);
        if (!held) break;
        held = await this.disk.change(['leases'], async (at) => {
          const found = await at.get('leases', name);
          if (found?.holder !== this.holder) return false;
          at.put('leases', { name, holder: this.holder, beat: found.beat + 1 });
          return true;
        }).catch(() => held); // a disk that is busy for a moment is no loss
      }
    };
    return {
      over: beat(),
      release: () => {
        if (!held) return;
        held = false;
        void this.disk.change(['leases'], async (at) => {
          if ((await at.get('leases', name))?.holder === this.holder) at.remove('leases', name);
        }).catch(() => undefined);
      },
    };
  }
}

export function locksOf(disk: Disk, holder: string): Locks {
  const manager = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return manager ? new WebLocks(manager) : new LeaseLocks(disk, holder, (ms) => new Promise((done) => setTimeout(done, ms)));
}
