// Draws the page's icons from its SVG. In: web-demo/public/icons/icon.svg. Out: the PNG files beside it. Run it when the drawing changes.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startBrowser } from './browser.mjs';

const folder = fileURLToPath(new URL('../../../web-demo/public/icons/', import.meta.url));
const svg = readFileSync(`${folder}icon.svg`, 'utf8');
const browser = await startBrowser();
for (const [name, size, share] of [['192', 192, 1], ['512', 512, 1], ['maskable', 512, 0.8]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  // A maskable icon is cut to any shape: the ground fills it, and the drawing keeps to its middle.
  const ground = share < 1 ? '#0d2c4a' : 'transparent';
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}">${svg.replace('<svg ', `<svg width="${size * share}" height="${size * share}" `)}</body>`);
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
