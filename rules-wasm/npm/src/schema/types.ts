// TypeScript types of a form's answers. In: a description. Out: the text of a module. A field that may be missing is optional and may be `null`, because
// a check takes both for "not answered"; what is required whatever else is answered is neither.

import type { Description, Field } from "../description.js";
import { must } from "./schema.js";

/** `guest_list` → `GuestList`. */
function pascal(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9])+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/[^A-Za-z0-9]/g, "");
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
/** A comment cannot end early, whatever a label holds. */
const comment = (text: string): string => text.replace(/\*\//g, "*\u2215").replace(/\s+/g, " ");

const SIMPLE: Partial<Record<Field["type"], string>> = {
  boolean: "boolean",
  integer: "number",
  number: "number",
  text: "string",
  date: "string",
  datetime: "string",
  ref: "string",
  attachment: "string | { id: string; name?: string; sha256?: string }",
  measure: "{ value: number; tolerance?: number }",
};

class Writer {
  private readonly parts: string[] = [];
  private readonly taken = new Set<string>();

  private named(wish: string): string {
    let name = wish;
    for (let number = 2; this.taken.has(name); number++) {
      name = `${wish}${number}`;
    }
    this.taken.add(name);
    return name;
  }

  /** Writes an interface, those of its members behind it, and gives its name. */
  record(wish: string, fields: readonly Field[], about: string): string {
    const name = this.named(/^[A-Za-z]/.test(wish) ? wish : `Form${wish}`);
    const place = this.parts.push("") - 1;
    const members = fields.map((field) => {
      const type = this.type(field, name);
      const notes = [field.label.zh, field.label.en, field.hint?.zh, field.unit].filter(Boolean).map((note) => comment(note!)).join(" · ");
      return `  /** ${notes} */\n  ${key(field.name)}${must(field) ? `: ${type}` : `?: ${type} | null`};`;
    });
    this.parts[place] = `/** ${comment(about)} */\nexport interface ${name} {\n${members.join("\n")}\n}\n`;
    return name;
  }

  private type(field: Field, within: string): string {
    const codes = (): string => (field.options ?? []).map((option) => JSON.stringify(option.code)).join(" | ") || "never";
    const systems = (field.crs ?? ["wgs84", "cgcs2000", "gcj02", "bd09"]).map((crs) => JSON.stringify(crs)).join(" | ");
    switch (field.type) {
      case "choice":
        return codes();
      case "choices":
        return `(${codes()})[]`;
      case "point":
        return `{ lng: number; lat: number; accuracy?: number; crs: ${systems} }`;
      case "area":
        return `{ type: "Polygon" | "MultiPolygon"; coordinates: number[][][] | number[][][][]; crs: ${systems} }`;
      case "group":
        return this.record(within.replace(/Answers$/, "") + pascal(field.name), field.fields ?? [], field.label.zh);
      case "list":
        return field.item ? `(${this.type(field.item, within)})[]` : `${this.record(within.replace(/Answers$/, "") + pascal(field.name), field.fields ?? [], `${field.label.zh}，每项`)}[]`;
      default:
        return SIMPLE[field.type] ?? "unknown";
    }
  }

  get text(): string {
    return this.parts.join("\n");
  }
}

/** The module. `name` is that of the interface of the whole; by default the ruleset's id and `Answers`. */
export function answersTypes(description: Description, name?: string): string {
  const { layers, form } = description;
  const writer = new Writer();
  writer.record(name ?? `${pascal(layers[0]?.id ?? "")}Answers`, form.fields, layers[0]?.title.zh ?? "");
  return `// Answers of ${layers.map((layer) => `${layer.id} ${layer.version}`).join(" + ")}. Made by weibao-types; do not edit.\n\n${writer.text}`;
}
