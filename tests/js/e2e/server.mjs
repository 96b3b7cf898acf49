// Starts the real server on a free port, as `cargo xtask demo` does. In: nothing. Out: its address, and ways to end it.
// RULES_BIN, RULES_BUNDLES and RULES_PAGE name other places than those of a build.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../../../', import.meta.url));
const at = (name, usual) => process.env[name] ?? `${repo}${usual}`;

export async function startServer() {
  const binary = at('RULES_BIN', 'target/release/rules');
  const bundles = at('RULES_BUNDLES', 'target/bundles');
  const page = at('RULES_PAGE', 'web-demo/dist');
  for (const path of [binary, bundles, page]) {
    if (!existsSync(path)) throw new Error(`${path} is missing; run \`cargo xtask build\``);
  }
  const child = spawn(binary, ['serve', '--static', page, '--bundles', bundles, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => { said = (said + data).slice(-4000); });
  const url = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
      const found = /http:\/\/\S+/.exec(out);
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
  return { url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
