// Makes elements. In: a tag, properties, children. Out: the element. Must not know what the page is about.
//
// A property or child that is a function is *live*: it is computed again by `relive` when the language changes, so that
// nothing is rebuilt and what was typed stays where it is.

export type Child = Node | string | (() => string) | null | undefined | false | readonly Child[];
type Listener = (event: never) => void;
export type Props = Record<string, string | number | boolean | null | undefined | Listener | (() => string)>;

const MARK = 'data-live';
const updaters = new WeakMap<Element, (() => void)[]>();

/** Runs `update` now and whenever the language changes, as long as the element is in the document. */
export function live(element: Element, update: () => void): void {
  const list = updaters.get(element);
  if (list) list.push(update);
  else updaters.set(element, [update]);
  element.setAttribute(MARK, '');
  update();
}

/** Computes everything live anew. */
export function relive(root: ParentNode = document): void {
  for (const element of root.querySelectorAll(`[${MARK}]`)) {
    for (const update of updaters.get(element) ?? []) update();
  }
}

function assign(element: HTMLElement, name: string, value: string | number | boolean): void {
  if (name === 'class') element.className = String(value);
  else if (name === 'text') write(element, String(value));
  else if (name === 'value' && 'value' in element) (element as HTMLInputElement).value = String(value);
  else if (name === 'checked' && element instanceof HTMLInputElement) element.checked = value === true;
  else if (value === true) element.setAttribute(name, '');
  else element.setAttribute(name, String(value));
}

/** The same text written again would be laid out, and read out, again. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function append(element: HTMLElement, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  if (typeof child === 'string') element.append(child);
  else if (typeof child === 'function') element.append(h('span', { text: child }));
  else if (child instanceof Node) element.append(child);
  else for (const inner of child) append(element, inner);
}

/** `h('button', { class: 'big', onclick: go, 'aria-label': () => t('go') }, 'Go')` */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on') && typeof value === 'function') {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (typeof value === 'function') {
      live(element, () => assign(element, name, (value as () => string)()));
    } else {
      assign(element, name, value);
    }
  }
  for (const child of children) append(element, child);
  return element;
}

/** Replaces the children of an element. */
export function fill(element: HTMLElement, ...children: Child[]): void {
  element.replaceChildren();
  for (const child of children) append(element, child);
}

let last = 0;
/** A document-wide unique id. */
export function uid(prefix = 'x'): string {
  last += 1;
  return `${prefix}${last}`;
}

/** Scrolls an element below the header, above the verdict bar, without motion where the system asks for none. */
export function bring(element: Element): void {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
}
