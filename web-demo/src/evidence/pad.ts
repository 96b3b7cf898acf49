// A box to sign in with finger, pen or mouse. In: strokes. Out: a picture of them, black on white whatever the colours of the page. Strokes are
// kept, so that the last one can be undone and a turned phone draws them anew.

import { h } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';

interface Dot {
  /** Share of the box's width and height. */
  readonly x: number;
  readonly y: number;
}

export interface Pad {
  readonly el: HTMLElement;
  /** Null where nothing was drawn. */
  picture(): Promise<Blob | null>;
}

/** The picture's size; the box on the screen has the same shape. */
const [WIDTH, HEIGHT] = [900, 360];
/** Shorter than this in all is a touch by mistake. */
const LEAST = 0.15;

export function pad(): Pad {
  const canvas = h('canvas', { class: 'pad', width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': say('签名框：用手指或笔书写。不能书写的，用下面的打字签名。', 'Box to sign in with a finger or pen. Who cannot draw signs by typing below.'), tabindex: -1 });
  const undo = h('button', { type: 'button', class: 'link', text: say('撤销一笔', 'Undo a stroke') });
  const wipe = h('button', { type: 'button', class: 'link', text: say('清除', 'Clear') });
  // Over the canvas, not on it: it is no part of the picture.
  const hint = h('span', { class: 'pad-hint', 'aria-hidden': 'true' }, say('请在此手写', 'Sign here'));
  let strokes: Dot[][] = [];
  let pointer: number | null = null;

  const paint = (): void => {
    const context = canvas.getContext('2d');
    hint.hidden = strokes.length > 0;
    if (!context) return;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.strokeStyle = context.fillStyle = '#10151c';
    context.lineWidth = 6;
    context.lineCap = context.lineJoin = 'round';
    for (const stroke of strokes) {
      const [first, ...rest] = stroke;
      if (!first) continue;
      context.beginPath();
      context.moveTo(first.x * WIDTH, first.y * HEIGHT);
      // A dot is a line of no length.
      for (const dot of rest.length > 0 ? rest : [first]) context.lineTo(dot.x * WIDTH, dot.y * HEIGHT);
      context.stroke();
    }
  };
  const dotOf = (event: PointerEvent): Dot => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (pointer !== null) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    strokes.push([dotOf(event)]);
    paint();
    event.preventDefault();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return;
    // Fast strokes come in bundles, which would be drawn as corners.
    const all = typeof event.getCoalescedEvents === 'function' ? event.getCoalescedEvents() : [];
    strokes[strokes.length - 1]?.push(...(all.length > 0 ? all : [event]).map(dotOf));
    paint();
  });
  const up = (event: PointerEvent): void => {
    if (event.pointerId === pointer) pointer = null;
  };
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', up);
  undo.addEventListener('click', () => {
    strokes = strokes.slice(0, -1);
    paint();
  });
  wipe.addEventListener('click', () => {
    strokes = [];
    paint();
  });
  paint();
  const length = (): number => strokes.reduce((sum, stroke) => sum + stroke.slice(1).reduce((own, dot, n) => own + Math.hypot(dot.x - (stroke[n]?.x ?? dot.x), dot.y - (stroke[n]?.y ?? dot.y)), 0), 0);
  return {
    el: h('div', { class: 'pad-box' }, h('div', { class: 'pad-frame' }, canvas, hint), h('div', { class: 'row' }, undo, wipe)),
    picture: () => (length() < LEAST ? Promise.resolve(null) : new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))),
  };
}
