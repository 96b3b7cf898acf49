// The page's own files: kept for the next visit without a network, and replaced only when the inspector says so. In: the service worker. Out: a line
// at the top when a new version waits. Must not know: what the page does.

import { onNewerPage, store } from '../store/index.ts';
import { h } from '../ui/dom.ts';
import { bi } from '../ui/i18n.ts';

function tell(words: () => string, action: (() => string) | null, run: () => void): void {
  document.querySelector('.update')?.remove();
  const button = action ? h('button', { type: 'button', class: 'link', text: action }) : null;
  button?.addEventListener('click', run);
  document.querySelector('.top')?.after(h('div', { class: 'update', role: 'status' }, h('span', { text: words }), button));
}

/** Everything typed is on the disk before the page goes. */
async function reload(): Promise<void> {
  await store.drafts.flush();
  location.reload();
}

export function watchUpdates(): void {
  onNewerPage(() => tell(bi('本页已有新版在另一个页面运行，这里不能再保存。', 'A newer version runs in another tab; this one can save no more.'), bi('刷新', 'Reload'), () => void reload()));
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  // After the page itself: on a slow line the worker's own fetching must not stand in its way.
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register());
}

async function register(): Promise<void> {
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await navigator.serviceWorker.register(new URL('sw.js', document.baseURI), { scope: new URL('.', document.baseURI).pathname });
  } catch {
    return; // a page without a worker is the same page, but not offline; the diagnostics say so
  }
  if (!registration) return; // so do programs that forbid workers without saying so
  const waits = (worker: ServiceWorker): void => {
    tell(bi('本页有新版。填写中的内容都在，随时可以换。', 'A new version is ready. What you entered is kept; change over whenever you like.'), bi('换到新版', 'Use it'), () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => void reload(), { once: true });
      void store.drafts.flush().then(() => worker.postMessage('use the new version'));
    });
  };
  const watch = (worker: ServiceWorker | null): void => {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) waits(worker);
    });
  };
  if (registration.waiting && navigator.serviceWorker.controller) waits(registration.waiting);
  registration.addEventListener('updatefound', () => watch(registration.installing));
}
