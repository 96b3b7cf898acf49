// Random answers for a form, seeded: mostly as the form expects, sometimes as no form should be filled in.

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = ["甲", "AB123", "", " ", "𠮷野家", "王·小明", "ＡＢ１２３", "\u202eabc", "a\u0000b", "é", "e\u0301", "x".repeat(150), "好".repeat(120), "x".repeat(300), "1", "true", "\ufeff"];
const BAD = [
  null, undefined, "", "  ", true, 0, -0, 1.5, -1, 1e300, 2 ** 53, -(2 ** 53), NaN, Infinity, -Infinity, 10n, 2n ** 70n, "\ud800", "a\udc00b", [], {}, [[]], { a: 1 },
  "2026-02-30", "0000-00-00", "9999-12-31", "24:00", "x", JSON.parse('{"__proto__": 1}'), JSON.parse('{"constructor": {"prototype": 1}}'), Object.create(null), [undefined], [, 1], { toString: 1 },
];

export class Answers {
  constructor(seed, wildness = 0.08) {
    this.random = seeded(seed);
    this.wildness = wildness;
  }
  below(n) {
    return Math.floor(this.random() * n);
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  fields(fields) {
    const out = {};
    const order = this.random() < 0.2 ? [...fields].reverse() : fields;
    for (const field of order) {
      if (this.random() < 0.15) continue;
      out[field.name] = this.random() < this.wildness ? this.pick(BAD) : this.value(field);
    }
    if (this.random() < this.wildness / 2) out[this.pick(["extra", "__proto_", "toString", "constructor"])] = this.pick(BAD);
    if (this.random() < this.wildness / 4) Object.defineProperty(out, "__proto__", { value: 1, enumerable: true });
    return out;
  }
  day() {
    return new Date((10957 + this.below(12000)) * 86400000).toISOString().slice(0, 10);
  }
  value(field) {
    switch (field.type) {
      case "boolean": return this.random() < 0.5;
      case "integer": return this.below(160);
      case "number": return this.pick([0, 0.25, 1 / 3, -2.5, 1e-7, 123456.789, this.random(), this.random() * 1e15]);
      case "text": return this.pick(TEXTS);
      case "choice": return this.pick(field.options).code;
      case "choices": return field.options.filter(() => this.random() < 0.6).map((option) => option.code);
      case "date": return this.day();
      case "datetime": return `${this.day()}T${String(this.below(24)).padStart(2, "0")}:30:00${this.pick(["Z", "+08:00", "", "-03:30"])}`;
      case "measure": return this.random() < 0.3 ? { value: this.below(400) / 10 } : { value: this.below(400) / 10, tolerance: this.below(30) / 10 };
      case "point": return { lng: 105 + this.random(), lat: 26 + this.random(), accuracy: this.below(50), crs: this.pick(["wgs84", "gcj02", "wgs84", "bd09", "none"]) };
      case "area": return { type: "Polygon", crs: "wgs84", coordinates: [[[105, 26], [105.01, 26], [105.01, 26.01], [105, 26]]] };
      case "attachment": return this.pick(["id-1", { id: "1", name: "照片.jpg" }, {}, "", " "]);
      case "ref": return this.pick(["s1", "s2", "s9"]);
      case "group": return this.fields(field.fields);
      case "list": {
        const length = this.below(5);
        return Array.from({ length }, () => (this.random() < this.wildness ? this.pick(BAD) : field.item ? this.value(field.item) : this.fields(field.fields)));
      }
      default: throw new Error(field.type);
    }
  }
}
