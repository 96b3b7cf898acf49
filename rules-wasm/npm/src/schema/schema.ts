// The JSON Schema of a form's answers, as rules-cli/src/schema/answers.rs makes it: the tests compare the bytes of both on every ruleset. In:
// a description. Out: JSON Schema 2020-12. Absent, `null` and blank are missing to a check, so they are valid here unless the field is
// required whatever else is answered.

import type { Description, Field } from "../description.js";
import type { Text } from "../report.js";
import type { Json } from "./json.js";

type Schema = Map<string, Json>;

const MAX_LENGTH = 10_000;
const MAX_ITEMS = 5_000;
const SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];

const of = (...members: [string, Json | undefined][]): Schema =>
  new Map(members.filter((member): member is [string, Json] => member[1] !== undefined));

/** The schema of a description's answers. */
export function answersSchema({ layers, form }: Description): Schema {
  return of(
    ["$schema", "https://json-schema.org/draft/2020-12/schema"],
    ...(layers[0] ? texts(layers[0].title, undefined) : []),
    ["$comment", `answers of ${layers.map((layer) => `${layer.id} ${layer.version}`).join(" + ")}`],
    ...record(form.fields),
  );
}

/** Is an answer required whatever else is answered? */
export function must(field: Field): boolean {
  return field.type === "group" ? needed(field) : field.required && !field.conditional;
}

function needed(group: Field): boolean {
  return !group.conditional && (group.fields ?? []).some(must);
}

function texts(label: Text, hint: Text | undefined): [string, Json][] {
  const all: [string, string | undefined][] = [
    ["title", label.zh],
    ["x-title-en", label.en],
    ["description", hint?.zh],
    ["x-description-en", hint?.en],
  ];
  return all.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== "");
}

function record(fields: readonly Field[]): Schema {
  const required = fields.filter(must).map((field) => field.name);
  return of(
    ["type", "object"],
    ["properties", new Map(fields.map((field) => [field.name, field.type === "group" ? group(field) : whole(field)]))],
    ["required", required.length > 0 ? required : undefined],
  );
}

function group(field: Field): Schema {
  const inner = record(field.fields ?? []);
  if (!needed(field)) {
    inner.set("type", ["object", "null"]);
  }
  if (field.conditional) {
    // Its members are asked for only where the group is.
    inner.delete("required");
  }
  return new Map([...texts(field.label, field.hint), ...inner]);
}

function whole(field: Field): Schema {
  const inner = value(field);
  if (!must(field)) {
    nullable(inner);
  }
  return of(...texts(field.label, field.hint), ...inner, ["x-unit", field.unit || undefined], ["x-sensitive", field.sensitive || undefined]);
}

const bound = (value: number | string | undefined): Json | undefined => value;

function value(field: Field): Schema {
  const { min, max, minItems, maxItems } = field;
  const codes = (): Json[] => (field.options ?? []).map((option) => option.code);
  const counts: [string, Json | undefined][] = [["minItems", minItems], ["maxItems", maxItems]];
  switch (field.type) {
    case "integer":
      return of(["type", "integer"], ["minimum", min ?? Number.MIN_SAFE_INTEGER], ["maximum", max ?? Number.MAX_SAFE_INTEGER]);
    case "number":
      return of(["type", "number"], ["minimum", bound(min)], ["maximum", bound(max)]);
    case "text":
      return text(field);
    case "choice":
      return of(["type", "string"], ["enum", codes()], ["x-options", options(field)]);
    case "choices":
      return of(["type", "array"], ["items", of(["type", "string"], ["enum", codes()])], ...counts, ["x-options", options(field)]);
    case "date":
      return of(["type", "string"], ["format", "date"], ["pattern", "^\\d{4}-\\d{2}-\\d{2}$"], ["x-min", bound(min)], ["x-max", bound(max)]);
    case "datetime":
      return of(["type", "string"], ["pattern", "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?$"]);
    case "measure": {
      const size = of(["type", "number"], ["minimum", bound(min)], ["maximum", bound(max)]);
      return shaped([["value", size], ["tolerance", atLeastZero()]], ["value"]);
    }
    case "point":
      return shaped([["lng", degrees(180)], ["lat", degrees(90)], ["accuracy", atLeastZero()], ["crs", systems(field)]], ["lng", "lat", "crs"]);
    case "area":
      return shaped(
        [["type", of(["enum", ["Polygon", "MultiPolygon"]])], ["coordinates", of(["type", "array"])], ["crs", systems(field)]],
        ["type", "coordinates", "crs"],
      );
    case "attachment": {
      const string = (): Schema => of(["type", "string"]);
      return of(["type", ["string", "object"]], ["properties", of(["id", string()], ["name", string()], ["sha256", string()])]);
    }
    case "ref":
      return of(["type", "string"], ["x-table", field.table]);
    case "list":
      return of(["type", "array"], ["items", field.item ? whole(field.item) : record(field.fields ?? [])], ["minItems", minItems], ["maxItems", maxItems ?? MAX_ITEMS]);
    default:
      return of(["type", field.type]);
  }
}

function shaped(properties: [string, Schema][], required: string[]): Schema {
  return of(["type", "object"], ["properties", of(...properties)], ["required", required]);
}

const atLeastZero = (): Schema => of(["type", "number"], ["minimum", 0]);
const degrees = (most: number): Schema => of(["type", "number"], ["minimum", -most], ["maximum", most]);
const systems = (field: Field): Schema => of(["enum", field.crs && field.crs.length > 0 ? [...field.crs] : [...SYSTEMS]]);

function text(field: Field): Schema {
  const { pattern } = field;
  const out = of(["type", "string"], ["maxLength", field.maxLength ?? MAX_LENGTH]);
  if (pattern === undefined) {
    if (must(field)) {
      out.set("pattern", "\\S");
    }
  } else if (pattern.includes("(?") && !pattern.includes("(?:")) {
    // Flags inside of a pattern are written otherwise in ECMAScript.
    out.set("x-pattern", pattern);
  } else {
    out.set("pattern", must(field) ? `^(?:${pattern})$` : `^(?:\\s*|(?:${pattern}))$`);
  }
  return out;
}

function options(field: Field): Schema {
  return new Map((field.options ?? []).map(({ code, label }) => [code, of(["zh", label.zh], ["en", label.en || undefined])]));
}

/** Lets a value be `null`, and a choice or a date blank: all of that is missing. */
function nullable(schema: Schema): void {
  const type = schema.get("type");
  if (type !== undefined) {
    schema.set("type", Array.isArray(type) ? [...type, "null"] : [type, "null"]);
  }
  const codes = schema.get("enum");
  if (Array.isArray(codes)) {
    schema.set("enum", [...codes, "", null]);
  }
  const pattern = schema.get("pattern");
  if (typeof pattern === "string" && pattern.startsWith("^\\d")) {
    schema.set("pattern", `^(?:\\s*|${pattern.replace(/^\^+/, "").replace(/\$+$/, "")})$`);
  }
}
