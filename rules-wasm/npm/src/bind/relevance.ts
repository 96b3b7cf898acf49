// Which frames of a form are asked for. In: a reading, and the engine's word on each place. Out: frames `data-rules-field` hidden and shown, required
// controls marked. An answer that was given stays in sight, whether it is asked for or not.

import type { Field } from "../description.js";
import { target } from "./names.js";
import { type Control, controlsOf, type Reading, typeOf } from "./read.js";

/** Tells a screen reader that an answer is required; of radios their group says so. */
function mark(controls: readonly Control[], required: boolean): void {
  for (const control of controls) {
    const type = typeOf(control);
    const element = type === "radio" ? control.closest("[role=radiogroup]") : type === "file" ? null : control;
    if (required) {
      element?.setAttribute("aria-required", "true");
    } else {
      element?.removeAttribute("aria-required");
    }
  }
}

/** Hides the frames that nothing asks for; without `on`, shows all and marks none. */
export function relevance(form: HTMLFormElement, reading: Reading, relevant: (pointer: string) => boolean, on = true): void {
  const frames = new Map<Element, { asked: boolean; given: boolean }>();
  const note = (element: Element, asked: boolean, given: boolean): void => {
    const frame = element.closest("[data-rules-field]");
    if (frame && form.contains(frame)) {
      const old = frames.get(frame);
      frames.set(frame, { asked: asked || old?.asked === true, given: given || old?.given === true });
    }
  };
  const ask = (pointer: string): boolean => {
    try {
      return relevant(pointer);
    } catch (error) {
      // A row beyond the engine's limit has no place there.
      if ((error as { code?: unknown }).code === "no_such_place") {
        return true;
      }
      throw error;
    }
  };
  for (const { pointer, part, field, controls, value } of reading.places.values()) {
    const asked = ask(part === undefined ? pointer : pointer.slice(0, pointer.lastIndexOf("/")));
    controls.forEach((control) => note(control, asked, value !== undefined));
    if (field.required && part === undefined) {
      mark(controls, asked && on);
    }
  }
  for (const [pointer, elements] of reading.lists) {
    const asked = ask(pointer);
    const given = (elements as HTMLElement[]).some((one) => one.querySelector("[data-rules-row]") !== null);
    elements.forEach((element) => note(element, asked, given));
  }
  for (const [frame, { asked, given }] of frames) {
    (frame as HTMLElement).hidden = !asked && !given;
    frame.toggleAttribute("data-rules-unasked", !asked && given);
  }
}

/** Every name of the page: those in templates, too. */
function namesOf(root: ParentNode): string[] {
  const own = Array.from(root.querySelectorAll("[name]"), (one) => one.getAttribute("name")!);
  return [...own, ...Array.from(root.querySelectorAll("template")).flatMap((one) => namesOf(one.content))];
}

/** Fields that the page has no control for. */
export function unbound(form: HTMLFormElement, fields: readonly Field[]): string[] {
  const bound = new Set<string>();
  for (const name of [...controlsOf(form).map((one) => one.name), ...namesOf(form)]) {
    const found = target(fields, name) ?? target(fields, name.replace(/\[\]/g, "[0]"));
    if (found) {
      const keys = found.part === undefined ? found.keys : found.keys.slice(0, -1);
      bound.add(keys.filter((_, i) => !found.lists.includes(i)).join("."));
    }
  }
  const walk = (inside: readonly Field[], prefix: string): string[] =>
    inside.flatMap((field) => (field.fields ? walk(field.fields, `${prefix}${field.name}.`) : bound.has(prefix + field.name) ? [] : [prefix + field.name]));
  return walk(fields, "");
}
