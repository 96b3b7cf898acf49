// The office's end of a field test: a real server with a folder of its own that can go away and come back, and a look into what it has stored and
// into what a phone has on its disk.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './server.mjs';

/** What the server's database holds, looked at from outside. */
export function stored(folder, query) {
  const script = 'import sqlite3,sys,json\nrows=sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()\nprint(json.dumps([[c.decode() if isinstance(c,bytes) else c for c in r] for r in rows]))';
  return JSON.parse(execFileSync('python3', ['-c', script, join(folder, 'weibao.db'), query], { encoding: 'utf8' }));
}

export const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Every file below a folder. */
export const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));

/** Files of a profile that hold a text, as any program would write it. */
export function holding(folder, text) {
  const forms = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  return files(folder).filter((file) => {
    const bytes = readFileSync(file);
    return forms.some((form) => bytes.includes(form));
  });
}

export class Place {
  data = mkdtempSync(join(tmpdir(), 'weibao-'));
  port = 0;
  server = null;

  async up() {
    this.server = await startServer({ args: ['--data', this.data, '--demo'], port: this.port });
    this.url = this.server.url;
    this.port = Number(new URL(this.url).port);
  }

  async down() {
    await this.server?.kill();
  }

  async end() {
    await this.server?.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Opens a topic for the whole country on a phone that was just given its token, and waits until the page is kept for a visit without a network. */
export async function firstVisit(place, phone) {
  await place.up();
  await phone.start();
  const screen = await phone.open(`${place.url}#device=${await place.server.token('device')}`);
  await screen.tap('[data-ruleset="venue"]');
  await screen.tap('#only-national');
  await screen.shows('.form .field');
  await screen.until(() => navigator.serviceWorker.ready.then((one) => one.active?.state === 'activated'));
  return screen;
}
