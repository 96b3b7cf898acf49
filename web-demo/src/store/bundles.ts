// Rulesets on the phone: the current one of each id, and those that drafts were begun under. In: texts from the server. Out: the same texts,
// offline. Must not know: what is in them; the engine checks a bundle's own digest when it loads it.

import type { Disk } from './disk.ts';

const LIST = 'ruleset_list';

export class Bundles {
  constructor(private readonly disk: Disk) {}

  /** Keeps a text as the current one of its id; drops what no draft needs any more. */
  async keep(id: string, digest: string, text: string): Promise<void> {
    await this.disk.change(['bundles', 'drafts'], async (at) => {
      const needed = new Set((await at.all('drafts')).map((draft) => draft.bundle));
      for (const one of await at.all('bundles')) {
        if (one.id !== id || one.digest === digest) continue;
        if (!needed.has(one.digest)) at.remove('bundles', one.digest);
        else if (one.current) at.put('bundles', { ...one, current: false });
      }
      at.put('bundles', { digest, id, current: true, text });
    });
  }

  /** The text of a digest, or null. */
  async byDigest(digest: string): Promise<string | null> {
    return (await this.disk.look(['bundles'], (at) => at.get('bundles', digest)))?.text ?? null;
  }

  /** The current text of a ruleset, or null where it was never fetched. */
  async current(id: string): Promise<{ readonly digest: string; readonly text: string } | null> {
    const all = await this.disk.look(['bundles'], (at) => at.all('bundles'));
    return all.find((one) => one.id === id && one.current) ?? null;
  }

  async keepList(list: unknown): Promise<void> {
    await this.disk.change(['settings'], async (at) => at.put('settings', { name: LIST, value: list }));
  }

  async list(): Promise<unknown> {
    return (await this.disk.look(['settings'], (at) => at.get('settings', LIST)))?.value ?? null;
  }
}
