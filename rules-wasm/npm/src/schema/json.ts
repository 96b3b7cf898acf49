// A tree whose members keep their order whatever their names are, and its text for people. In: a tree. Out: text as `rules schema` prints
// it, or plain objects. An object of JavaScript would put keys such as `2023` first.

/** A JSON value; records are maps. */
export type Json = null | boolean | number | string | Json[] | Map<string, Json>;

/** A container whose text is at most so many bytes stands on one line. */
const SHORT = 72;

const encoder = new TextEncoder();

function bytes(value: Json): number {
  if (Array.isArray(value)) {
    return value.reduce((sum: number, item) => sum + bytes(item) + 1, value.length === 0 ? 2 : 1);
  }
  if (value instanceof Map) {
    return Array.from(value).reduce((sum, [key, item]) => sum + bytes(key) + 1 + bytes(item) + 1, value.size === 0 ? 2 : 1);
  }
  return encoder.encode(JSON.stringify(value)).length;
}

function write(value: Json, depth: number): string {
  if (!Array.isArray(value) && !(value instanceof Map)) {
    return JSON.stringify(value);
  }
  const members: [string, Json][] = Array.isArray(value) ? value.map((item) => ["", item]) : Array.from(value, ([key, item]) => [`${JSON.stringify(key)}: `, item]);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (members.length === 0) {
    return `${open}${close}`;
  }
  const texts = members.map(([key, item]) => key + write(item, depth + 1));
  if (members.every(([, item]) => !(item instanceof Map)) && bytes(value) <= SHORT) {
    return `${open}${texts.join(", ")}${close}`;
  }
  const line = `\n${"  ".repeat(depth)}`;
  return `${open}${line}  ${texts.join(`,${line}  `)}${line}${close}`;
}

/** The text of a tree, with a line break at its end. */
export function prettyJson(value: Json): string {
  return `${write(value, 0)}\n`;
}

/** The tree as plain objects and arrays. */
export function plainJson(value: Json): unknown {
  if (value instanceof Map) {
    return Object.fromEntries(Array.from(value, ([key, item]) => [key, plainJson(item)]));
  }
  return Array.isArray(value) ? value.map(plainJson) : value;
}
