// Starts the real server on a free port, as `cargo xtask demo` does. In: more options for it, and a port where it must be the same again. Out: its address, and ways to end it.
// RULES_BIN, RULES_BUNDLES and RULES_PAGE name other places than those of a build.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../../../', import.meta.url));
const at = (name, usual) => process.env[name] ?? `${repo}${usual}`;

export async function startServer({ args = [], port = 0 } = {}) {
  const binary = at('RULES_BIN', 'target/release/rules');
  const bundles = at('RULES_BUNDLES', 'target/bundles');
  const page = at('RULES_PAGE', 'web-demo/dist');
  for (const path of [binary, bundles, page]) {
    if (!existsSync(path)) throw new Error(`${path} is missing; run \`cargo xtask build\``);
  }
  const child = spawn(binary, ['serve', '--static', page, '--bundles', bundles, '--port', String(port), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => { said = (said + data).slice(-4000); });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      printed += data;
      const found = /http:\/\/\S+/.exec(printed);
      if (found) resolve(found[0].replace(/\/?$/, '/'));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  const end = (signal) => new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    child.kill(signal);
  });
  const token = async (kind) => {
    for (let n = 0; n < 100; n += 1) {
      const found = new RegExp(`^${kind} (\\S+)`, 'm').exec(printed);
      if (found) return found[1];
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the server told no ${kind}: ${printed}`);
  };
  return { url, token, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
