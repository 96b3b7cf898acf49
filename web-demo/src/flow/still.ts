// Keeps the page still while something above the reader changes. In: a change. Out: nothing; what is typed into, the question after one
// that was answered by a tap, or else the first visible field, stands where it stood. Not every browser anchors its scrolling, and none
// does so for a moved element.

const TOP = 72;

/** After a tap the next tap goes to the next question: that one must not move away under the finger. */
function tappedNext(focused: Element): Element | null {
  if (focused instanceof HTMLInputElement ? !['radio', 'checkbox'].includes(focused.type) : !(focused instanceof HTMLButtonElement)) return null;
  let next = focused.closest('.asked > .field')?.nextElementSibling ?? null;
  while (next && !shown(next)) next = next.nextElementSibling;
  return next;
}

function anchor(): Element | null {
  const focused = document.activeElement;
  if (focused && focused !== document.body && shown(focused)) return tappedNext(focused) ?? focused;
  for (const field of document.querySelectorAll('.form .field')) if (shown(field)) return field;
  return null;
}

function shown(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return box.height > 0 && box.bottom > TOP && box.top < window.innerHeight;
}

export function keepStill(change: () => void): void {
  const focused = document.activeElement;
  if (window.scrollY === 0 && (!focused || tappedNext(focused) === null)) return change();
  const fixed = anchor();
  const before = fixed?.getBoundingClientRect().top ?? 0;
  change();
  if (!fixed?.isConnected) return;
  const moved = fixed.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: 'instant' });
}
