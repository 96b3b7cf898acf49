// Next.js builds a page that is rendered on the server with a report and checked again in the browser. It installs from the registry, so it is a step of its own.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startBrowser } from '../e2e/browser.mjs';
import { bundle, opens, project } from './project.mjs';

const NEXT = '16.4.6';
const REACT = '19.3.1';

const root = project('next', [`next@${NEXT}`, `react@${REACT}`, `react-dom@${REACT}`]);
mkdirSync(join(root, 'public'));
writeFileSync(join(root, 'public/bundle.json'), bundle());
const next = join(root, 'node_modules/next/dist/bin/next');
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

for (const compiler of ['turbopack', 'webpack']) {
  test(`Next.js ${NEXT} with ${compiler}`, async () => {
    execFileSync(process.execPath, [next, 'build', `--${compiler}`], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', '0'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const browser = await startBrowser();
    try {
      const url = await new Promise((resolve, reject) => {
        let said = '';
        server.stdout.on('data', (data) => {
          said += data;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
          if (found) resolve(found[0]);
        });
        server.once('exit', () => reject(new Error(said)));
      });
      const { server: rendered, expected } = await opens(browser, url);
      assert.equal(rendered, expected, 'what the server rendered');
    } finally {
      await browser.close();
      server.kill();
    }
  });
}
