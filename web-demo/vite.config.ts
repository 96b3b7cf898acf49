// How the page is built and served while it is developed. Paths are relative, so that it can stand in any folder.

import { defineConfig } from 'vite';
import { divisions } from './divisions.ts';
import { serviceWorker } from './sw/plugin.ts';

export default defineConfig({
  base: './',
  plugins: [divisions(), serviceWorker()],
  build: {
    target: ['chrome100', 'safari15.4'],
    // The wasm module stays a file of its own: it is compiled while it is downloaded.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The phone's page and the office's.
    rollupOptions: { input: ['index.html', 'office.html'] },
  },
  server: {
    // `rules serve` answers these; start it beside `npm run dev -w web-demo`.
    proxy: { '/v1': process.env['RULES_SERVER'] ?? 'http://localhost:8787' },
  },
});
