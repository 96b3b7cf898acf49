// A form's controls as answers. In: a form and its fields. Out: the answers, and which controls hold which place. It reads what was typed; it
// judges nothing: what cannot be read goes to the engine as it is.

import type { Field } from "../description.js";
import { type Target, Rows, target } from "./names.js";
import { typedAnswer } from "../typed/answer.js";

/** A control that holds an answer. */
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Controls that together hold one answer, or a part of it. */
export interface Place {
  readonly pointer: string;
  readonly field: Field;
  readonly part: string | undefined;
  readonly path: readonly (string | number)[];
  readonly controls: Control[];
  /** What they hold now. */
  value: unknown;
}

/** What a form holds. */
export interface Reading {
  readonly answers: Record<string, unknown>;
  readonly places: ReadonlyMap<string, Place>;
  /** What belongs to a list itself: its rows' container, the button that adds one, the box that says there are none. */
  readonly lists: ReadonlyMap<string, readonly Element[]>;
  /** Names that the ruleset's form does not have. */
  readonly unknown: readonly string[];
}

const IDLE = new Set(["button", "submit", "reset", "image", "fieldset", "output", "object"]);

/** The controls that may hold answers, in the order of the document. */
export function controlsOf(form: HTMLFormElement): Control[] {
  return (Array.from(form.elements) as Control[]).filter((one) => one.name && !IDLE.has(one.type) && one.localName !== "object" && !one.matches(":disabled"));
}

export const typeOf = (control: Control): string => (control.localName === "input" || control.localName === "select" || control.localName === "textarea" ? control.type : "text");

/** What the controls of a place hold. */
function valueOf({ field, part, controls }: Omit<Place, "value">): unknown {
  const [first] = controls as [Control];
  const several = field.type === "choices";
  switch (typeOf(first)) {
    case "radio":
    case "checkbox": {
      const checked = (controls as HTMLInputElement[]).filter((one) => one.checked).map((one) => one.value);
      if (several) {
        return checked.length > 0 ? checked : undefined;
      }
      if (field.type === "boolean" && first.type === "checkbox") {
        // A box that nobody ticked is not a no, unless the page says so.
        return checked.length > 0 ? true : first.dataset["rulesUnchecked"] === "false" ? false : undefined;
      }
      return checked.length > 0 ? typedAnswer(field, checked[0]!, part) : undefined;
    }
    case "select-multiple": {
      const chosen = Array.from((first as HTMLSelectElement).selectedOptions, (option) => option.value);
      return chosen.length > 0 ? chosen : undefined;
    }
    case "file": {
      const files = Array.from((first as HTMLInputElement).files ?? [], (file) => ({ id: file.name, name: file.name }));
      return field.type === "list" && files.length > 0 ? files : files[0];
    }
    default:
      return typedAnswer(field, String(first.value ?? ""), part);
  }
}

type Holder = Record<string | number, unknown>;

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

/** Writes a value into the answers, making what is above it; without a value, only the rows above. */
function put(answers: Holder, { keys, lists }: Target, path: readonly (string | number)[], value: unknown): void {
  const last = path.length - 1;
  const deepest = value === undefined ? Math.max(-1, ...lists.filter((i) => i < last)) : last;
  let at = answers;
  for (let i = 0; i <= deepest; i++) {
    const key = path[i]!;
    if (Array.isArray(at)) {
      // Blank items before it keep their numbers.
      while (at.length < (key as number)) {
        at.push(null);
      }
    }
    if (i === last) {
      const old = at[key];
      at[key] = isHolder(old) && isHolder(value) && !Array.isArray(old) ? { ...old, ...value } : value;
      return;
    }
    const next = at[key];
    at = isHolder(next) ? next : ((at[key] = lists.includes(i + 1) && i + 1 < keys.length ? [] : {}) as Holder);
  }
}

/** The parts without which the others are nothing: a coordinate system alone is no place. */
const MAIN: Partial<Record<Field["type"], readonly string[]>> = { point: ["lng", "lat"], measure: ["value"], area: ["type", "coordinates"] };

/** Is this part of a point, measure or area worth nothing without parts that are not there? */
function isAlone({ part, field, path }: Place, places: ReadonlyMap<string, Place>): boolean {
  const main = part === undefined ? undefined : MAIN[field.type];
  const whole = path.slice(0, -1).map((key) => `/${key}`).join("");
  return main !== undefined && ![whole, ...main.map((name) => `${whole}/${name}`)].some((pointer) => places.get(pointer)?.value !== undefined);
}

/** Reads a form. */
export function read(form: HTMLFormElement, fields: readonly Field[]): Reading {
  const rows = new Rows();
  const places = new Map<string, Place & { target: Target }>();
  const unknown: string[] = [];
  for (const control of controlsOf(form)) {
    // One control may hold a whole list of files.
    const whole = typeOf(control) === "file" && (control as HTMLInputElement).multiple;
    const found = (whole ? target(fields, control.name, true) : undefined) ?? target(fields, control.name);
    if (found === undefined) {
      unknown.push(control.name);
      continue;
    }
    const path = rows.place(found);
    const pointer = path.map((key) => `/${key}`).join("");
    const place = places.get(pointer);
    if (place) {
      place.controls.push(control);
    } else {
      places.set(pointer, { pointer, field: found.field, part: found.part, path, controls: [control], value: undefined, target: found });
    }
  }
  for (const place of places.values()) {
    place.value = valueOf(place);
  }
  const answers: Record<string, unknown> = {};
  for (const place of places.values()) {
    put(answers, place.target, place.path, isAlone(place, places) ? undefined : place.value);
  }
  const lists = new Map<string, Element[]>();
  form.querySelectorAll<HTMLElement>("[data-rules-list], [data-rules-add], [data-rules-none]").forEach((element) => {
    const { rulesList, rulesAdd, rulesNone } = element.dataset;
    const found = target(fields, rulesNone ?? rulesList ?? rulesAdd!, true);
    if (found === undefined) {
      unknown.push(rulesNone ?? rulesList ?? rulesAdd!);
      return;
    }
    const path = rows.place(found);
    const pointer = path.map((key) => `/${key}`).join("");
    lists.set(pointer, [...(lists.get(pointer) ?? []), element]);
    if ((element as HTMLInputElement).checked === true && valueAt(answers, path) === undefined) {
      put(answers, found, path, []);
    }
  });
  return { answers, places, lists, unknown };
}

function valueAt(answers: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (isHolder(at) ? at[key] : undefined), answers);
}
