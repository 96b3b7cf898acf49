// The phone's back key: it closes what was opened last, never the whole page at once. In: what is opened, and how it is closed. Out: an entry of
// the browser's history for each, and none left over when it is closed otherwise. Nothing of an inspection enters an address or the history.

export interface Layer {
  /** It was closed by other means: it and whatever was opened over it need no back key any more. */
  done(): void;
}

/** Closes the layer; false where it stays, because somebody is asked first. */
type Close = () => boolean | void;

interface State { readonly weibao?: number }

const layers: { readonly close: Close }[] = [];
/** How many of the browser's entries below the present one, and with it, are ours. */
let depth = 0;
/** The browser is on its way back to where it was sent. */
let moving = false;
let listening = false;

const depthOf = (state: unknown): number | undefined => (state as State | null)?.weibao;

/** Brings the browser's entries in line with what is open. Going back takes a moment; whatever happens meanwhile is made good then. */
function settle(): void {
  if (moving) return;
  while (depth < layers.length) {
    depth += 1;
    history.pushState({ weibao: depth } satisfies State, '');
  }
  if (depth > layers.length) {
    moving = true;
    history.go(layers.length - depth);
  }
}

function onPop(event: PopStateEvent): void {
  const now = depthOf(event.state);
  if (now === undefined) return; // an entry of somebody else, such as the link that skips to the content
  depth = now;
  if (moving) {
    moving = false;
    return settle();
  }
  const dialog = [...document.querySelectorAll<HTMLDialogElement>('dialog[open]')].at(-1);
  if (dialog && layers.length > now) {
    dialog.close();
    return settle();
  }
  while (layers.length > now) {
    const top = layers.at(-1);
    if (top?.close() === false) break;
    const at = top ? layers.indexOf(top) : -1;
    if (at >= 0) layers.length = at;
  }
  settle();
}

/** Something was opened over what was there: from now on the back key closes it. */
export function opened(close: Close): Layer {
  if (!listening) {
    listening = true;
    depth = depthOf(history.state) ?? 0;
    if (depthOf(history.state) === undefined) history.replaceState({ weibao: 0 } satisfies State, '');
    window.addEventListener('popstate', onPop);
  }
  const layer = { close };
  layers.push(layer);
  settle();
  return {
    done() {
      const at = layers.indexOf(layer);
      if (at < 0) return;
      layers.length = at;
      // What closes one screen often opens the next: then the browser need not move at all.
      setTimeout(settle);
    },
  };
}
