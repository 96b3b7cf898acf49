// Where in the page something is said. In: a reading of the form and a pointer. Out: the controls, the element that takes the focus, and the frame
// that messages stand in.

import { type Control, type Reading, typeOf } from "./read.js";

/** A spot of the page for a place of the answers. */
export interface Anchor {
  /** Which key is used for what is said here: one per spot. */
  readonly pointer: string;
  readonly controls: readonly Control[];
  /** Takes the focus. */
  readonly focus: HTMLElement;
  /** What messages describe: a group of radios or boxes, or the control itself. */
  readonly described: HTMLElement;
}

const GROUPED = new Set(["radio", "checkbox"]);

/** The spot of one place of the form. */
function anchorOf(pointer: string, controls: readonly Control[]): Anchor {
  const [first] = controls as [Control, ...Control[]];
  const grouped = controls.length > 1 && GROUPED.has(typeOf(first));
  const checked = grouped ? (controls as HTMLInputElement[]).find((one) => one.type === "radio" && one.checked) : undefined;
  const group = grouped ? first.closest<HTMLElement>("fieldset, [role=radiogroup], [role=group]") : null;
  return { pointer, controls, focus: checked ?? first, described: group ?? first };
}

/** Finds the spot for a pointer: the place itself, else one above it, else the first below it. */
export function anchor(reading: Reading, pointer: string): Anchor | undefined {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = reading.places.get(at);
    if (place) {
      return anchorOf(at, place.controls);
    }
    if (at === pointer) {
      for (const [below, { controls }] of reading.places) {
        if (below.startsWith(`${pointer}/`) && !reading.lists.has(pointer)) {
          return anchorOf(pointer, controls.slice(0, 1));
        }
      }
    }
    const list = reading.lists.get(at);
    if (list) {
      const find = (key: string): HTMLElement | undefined => (list as HTMLElement[]).find((one) => key in one.dataset);
      const focus = find("rulesNone") ?? find("rulesAdd") ?? find("rulesList")!;
      return { pointer: at, controls: "setCustomValidity" in focus && "rulesNone" in focus.dataset ? [focus as Control] : [], focus, described: find("rulesList") ?? focus };
    }
  }
  return undefined;
}

let made = 0;

/** The element's id; it gets one if it has none. */
export function idOf(element: Element): string {
  if (element.id === "") {
    element.id = `rules-${++made}`;
  }
  return element.id;
}

/** Brings an element into view and gives it the focus; what is folded around it opens. */
export function goTo(element: HTMLElement): void {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (above.localName === "details") {
      (above as HTMLDetailsElement).open = true;
    }
  }
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) {
    element.tabIndex = -1;
  }
  (element.closest<HTMLElement>("[data-rules-field]") ?? element).scrollIntoView({ block: "nearest" });
  element.focus();
}
