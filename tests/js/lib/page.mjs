// Modules of the page in Node: bundled by esbuild, as the page's own build does, and imported. In: paths below web-demo/src, and changes to
// their text, for tests that prove that they can fail. Out: what the modules export.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../../../web-demo/src/', import.meta.url));

/** `change` is `{ file, from, to }`; `from` must stand exactly once in the file. */
export async function pageModules(files, change) {
  const plugins = [];
  if (change) {
    const text = readFileSync(source + change.file, 'utf8');
    if (text.split(change.from).length !== 2) throw new Error(`${change.file} must hold exactly once: ${change.from}`);
    plugins.push({
      name: 'change',
      setup(builder) {
        builder.onLoad({ filter: /\.ts$/ }, ({ path }) => (path === source + change.file ? { contents: text.replace(change.from, () => change.to), loader: 'ts' } : undefined));
      },
    });
  }
  const entry = files.map((file) => `export * from ${JSON.stringify(source + file)};`).join('\n');
  const result = await build({
    stdin: { contents: entry, resolveDir: source, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', mainFields: ['module', 'main'], target: 'node20', write: false, plugins, external: ['virtual:*'], logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`);
}
