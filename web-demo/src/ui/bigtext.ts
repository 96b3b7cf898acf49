// Big text: every size of the page grows with it. In: a choice. Out: the choice, remembered on this device.

const KEY = 'weibao-text';

export function bigText(): boolean {
  return document.documentElement.dataset['text'] === 'big';
}

export function setBigText(big: boolean): void {
  if (big) document.documentElement.dataset['text'] = 'big';
  else delete document.documentElement.dataset['text'];
  try {
    localStorage.setItem(KEY, big ? 'big' : 'usual');
  } catch {
    // The choice then holds for this visit.
  }
}

export function startBigText(): void {
  try {
    if (localStorage.getItem(KEY) === 'big') document.documentElement.dataset['text'] = 'big';
  } catch {
    // Storage switched off: the usual size.
  }
}
