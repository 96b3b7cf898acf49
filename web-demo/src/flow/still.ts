// Keeps the page still while something above the reader changes. In: a change. Out: nothing; what had the focus, or else the
// first visible field, stands where it stood. Not every browser anchors its scrolling, and none does so for a moved element.

const TOP = 72;

function anchor(): Element | null {
  const focused = document.activeElement;
  if (focused && focused !== document.body && shown(focused)) return focused;
  for (const field of document.querySelectorAll('.form .field')) if (shown(field)) return field;
  return null;
}

function shown(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return box.height > 0 && box.bottom > TOP && box.top < window.innerHeight;
}

export function keepStill(change: () => void): void {
  if (window.scrollY === 0) return change();
  const fixed = anchor();
  const before = fixed?.getBoundingClientRect().top ?? 0;
  change();
  if (!fixed?.isConnected) return;
  const moved = fixed.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: 'instant' });
}
