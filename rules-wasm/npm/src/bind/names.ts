// Names of controls as places of the form. In: `guests[0].ref`, `guests.0.ref`, `guests[0][ref]`, `/guests/0/ref`. Out: the field, and where in the
// answers. Rows are counted as they stand in the document, whatever their numbers, so that a gap is no missing row.

import type { Field } from "../description.js";
import { keysOf } from "../issues.js";

/** The keys that a name stands for; a list item without a number is the empty key. */
export function keysOfName(name: string): string[] {
  return name.startsWith("/") ? keysOf(name) : name.replace(/\[([^\]]*)\]/g, ".$1").split(".");
}

/** A name on its place in the form. */
export interface Target {
  readonly field: Field;
  /** `lng` of a point, `value` of a measure. */
  readonly part?: string;
  /** Lists on the way: how many keys lead there. */
  readonly lists: readonly number[];
  readonly keys: readonly string[];
}

const PARTS: Partial<Record<Field["type"], readonly string[]>> = {
  measure: ["value", "tolerance"],
  point: ["lng", "lat", "accuracy", "crs"],
  area: ["type", "coordinates", "crs"],
  attachment: ["id", "name", "sha256"],
};

/** The field that a name leads to; nothing if the form has no such field. With `list` the name is that of a list itself. */
export function target(fields: readonly Field[], name: string, list = false): Target | undefined {
  const keys = keysOfName(name);
  const lists: number[] = [];
  let inside: readonly Field[] | undefined = fields;
  for (let at = 0; at < keys.length; ) {
    const field: Field | undefined = inside?.find((one) => one.name === keys[at]);
    at++;
    if (field === undefined) {
      return undefined;
    }
    if (field.type === "group") {
      inside = field.fields;
      continue;
    }
    if (field.type === "list") {
      if (list && at === keys.length) {
        return { field, lists, keys };
      }
      if (field.item) {
        // A list of scalars: its controls may share one name.
        const own = keys.length > at ? keys : [...keys, ""];
        return own.length === at + 1 ? { field: field.item, lists: [...lists, at], keys: own } : undefined;
      }
      if (keys[at] === undefined || keys[at] === "") {
        return undefined;
      }
      lists.push(at++);
      inside = field.fields;
      continue;
    }
    if (list) {
      return undefined;
    }
    if (at === keys.length || (field.type === "choices" && at === keys.length - 1 && keys[at] === "")) {
      return { field, lists, keys: keys.slice(0, at) };
    }
    const part = at === keys.length - 1 ? keys[at]! : "";
    return PARTS[field.type]?.includes(part) ? { field, part, lists, keys } : undefined;
  }
  return undefined;
}

/** Counts the rows of lists in the order in which they turn up. */
export class Rows {
  private readonly lists = new Map<string, Map<string, number>>();

  /** The keys with each row's key replaced by its number. */
  place({ keys, lists }: Target): (string | number)[] {
    const out: (string | number)[] = [];
    keys.forEach((key, i) => {
      if (!lists.includes(i)) {
        out.push(key);
        return;
      }
      const at = JSON.stringify(out);
      const rows = this.lists.get(at) ?? new Map<string, number>();
      this.lists.set(at, rows);
      const own = key === "" ? `\u0000${rows.size}` : key;
      const number = rows.get(own) ?? rows.size;
      rows.set(own, number);
      out.push(number);
    });
    return out;
  }
}
