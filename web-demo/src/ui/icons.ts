// Signs that tell outcomes apart by shape, not by colour alone. Drawn here so that they look the same on every phone.

export type Sign = 'pass' | 'fail' | 'open' | 'todo' | 'close' | 'none' | 'problem' | 'ask' | 'lock' | 'place' | 'day' | 'send' | 'down' | 'print';

const SHAPES: Record<Sign, string> = {
  pass: '<circle cx="12" cy="12" r="10" fill="currentColor"/><path d="m7 12.5 3.4 3.4L17 9" stroke="var(--sign-in)" stroke-width="2.6" fill="none"/>',
  fail: '<path d="M8 1.8h8L22.2 8v8L16 22.2H8L1.8 16V8z" fill="currentColor"/><path d="m8 8 8 8m0-8-8 8" stroke="var(--sign-in)" stroke-width="2.6"/>',
  // An hourglass: a question mark in a solid shape reads as a character that the phone cannot show.
  open: '<path d="M4 1.5h16v3h-1.5v3L13.8 12l4.7 4.5v3H20v3H4v-3h1.5v-3l4.7-4.5-4.7-4.5v-3H4z" fill="currentColor"/><path d="M8.6 7.2h6.8L12 10.5zM8.2 18.8 12 15l3.8 3.8z" fill="var(--sign-in)"/>',
  todo: '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2.4"/>',
  close: '<rect x="1.5" y="4" width="21" height="16" rx="3" fill="currentColor"/><path d="M6 10.3c2-2.2 4 1.6 6 0s4-2 6-.4M6 15c2-2.2 4 1.6 6 0s4-2 6-.4" stroke="var(--sign-in)" stroke-width="2" fill="none"/>',
  none: '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2.4"/><path d="M7.5 12h9" stroke="currentColor" stroke-width="2.6"/>',
  problem: '<path d="M12 2 23 21.5H1z" fill="currentColor"/><path d="M12 9v6" stroke="var(--sign-in)" stroke-width="2.4"/><circle cx="12" cy="18" r="1.4" fill="var(--sign-in)"/>',
  ask: '<path d="M5 12h13m-5-5.5 5.5 5.5L13 17.5" stroke="currentColor" stroke-width="2.4" fill="none"/>',
  lock: '<rect x="4" y="10.5" width="16" height="11" rx="2" fill="currentColor"/><path d="M7.5 11V7.5a4.5 4.5 0 0 1 9 0V11" stroke="currentColor" stroke-width="2.4" fill="none"/>',
  place: '<path d="M12 22s7.5-7.4 7.5-12.5a7.5 7.5 0 0 0-15 0C4.5 14.6 12 22 12 22z" fill="currentColor"/><circle cx="12" cy="9.5" r="2.8" fill="var(--sign-in)"/>',
  day: '<rect x="3" y="4.5" width="18" height="16.5" rx="2" fill="none" stroke="currentColor" stroke-width="2.2"/><path d="M3 10h18M8 2v5m8-5v5" stroke="currentColor" stroke-width="2.2"/>',
  down: '<path d="M12 3v16m-7-7 7 7 7-7" stroke="currentColor" stroke-width="2.6" fill="none"/>',
  print: '<path d="M7 8V3h10v5M7 17H4V9h16v8h-3" stroke="currentColor" stroke-width="2.2" fill="none"/><path d="M7 14h10v7H7z" stroke="currentColor" stroke-width="2.2" fill="none"/>',
  send: '<path d="M3.5 12a8.5 8.5 0 0 1 15-5.5M20.5 12a8.5 8.5 0 0 1-15 5.5" stroke="currentColor" stroke-width="2.3" fill="none"/><path d="M19 2v5h-5M5 22v-5h5" stroke="currentColor" stroke-width="2.3" fill="none"/>',
};

/** The sign, hidden from screen readers: a word always stands beside it. */
export function icon(sign: Sign): HTMLElement {
  const span = document.createElement('span');
  span.className = `sign sign-${sign}`;
  span.setAttribute('aria-hidden', 'true');
  span.innerHTML = `<svg viewBox="0 0 24 24" width="24" height="24" focusable="false">${SHAPES[sign]}</svg>`;
  return span;
}
