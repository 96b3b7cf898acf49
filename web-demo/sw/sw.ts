// The service worker: keeps the page's own files, so that it opens without a network from the second visit. In: the list of files that the build
// wrote. Out: those files. It touches nothing else: no request that is not a GET, and nothing of the server's API, ever passes through it.
//
// Forms lost records because a worker fetched a POST again and the system sent it with an empty body. A request that is not answered here goes the
// browser's own way, as if there were no worker.

import { PrecacheController } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & { readonly __FILES: { readonly url: string; readonly revision: string | null }[] };

const files = new PrecacheController({ cacheName: 'weibao-page' });
files.addToCacheList(self.__FILES);
const scope = new URL(self.registration.scope);
/** Files of the page that not everybody needs, kept once they were. */
const USED = 'weibao-used';
const shell = new URL('index.html', scope).href;

self.addEventListener('install', (event) => files.install(event));
self.addEventListener('activate', (event) => {
  void files.activate(event);
  // The page of the first visit, too: what it has not loaded yet it finds here when the network is gone.
  event.waitUntil(Promise.all([caches.delete(USED), self.clients.claim()]));
});
self.addEventListener('message', (event) => {
  // Only when the inspector asks for it: a page in use is never replaced under somebody's hands.
  if (event.data === 'use the new version') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname) || url.pathname.startsWith(`${scope.pathname}v1/`)) return;
  const own = url.pathname === scope.pathname || url.href.split('#')[0] === shell;
  const key = files.getCacheKeyForURL(request.mode === 'navigate' && own ? shell : `${url.origin}${url.pathname}`);
  if (key !== undefined) event.respondWith(caches.match(key).then((kept) => kept ?? fetch(request)));
  else if (url.pathname.startsWith(`${scope.pathname}assets/`)) event.respondWith(used(request));
});

async function used(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName: USED });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && !response.redirected) await caches.open(USED).then((cache) => cache.put(request, response.clone())).catch(() => undefined);
  return response;
}
