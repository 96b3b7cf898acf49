// What a ruleset is, for drawing a form and for showing why: types, and the tree of fields made from the flat slots that
// the engine hands over.

import type { LayerRef, Pointer, RuleKind, Severity, Text } from "./report.js";

/** Half-open: from the first day on, until before the second. `YYYY-MM-DD`. */
export interface Period {
  /** First day. */
  readonly from?: string;
  /** The day after the last. */
  readonly until?: string;
}

/** A ruleset file: the base, or a layer on it. */
export interface Layer extends LayerRef {
  /** As shown to people. */
  readonly title: Text;
  /** GB/T 2260 code, six digits; `000000` is the whole country. */
  readonly jurisdiction: string;
  /** When it is in force. */
  readonly effective: Period;
}

/** What the answer of a field is; docs/language.md shows each as JSON. */
export type FieldType =
  | "boolean"
  | "integer"
  | "number"
  | "text"
  | "choice"
  | "choices"
  | "date"
  | "datetime"
  | "measure"
  | "point"
  | "area"
  | "attachment"
  | "ref"
  | "group"
  | "list";

/** A coordinate system. */
export type Crs = "wgs84" | "cgcs2000" | "gcj02" | "bd09";

/** An option of a `choice` or of `choices`. */
export interface Option {
  /** What stands in the answers. */
  readonly code: string;
  /** What people see. */
  readonly label: Text;
}

/** A question of the form. */
export interface Field {
  /** Key in its record. Empty for the item of a list of scalars. */
  readonly name: string;
  /** Pointer from the enclosing list item (or the submission): `/address/street`. */
  readonly path: Pointer;
  /** What its answer is. */
  readonly type: FieldType;
  /** The question. */
  readonly label: Text;
  /** Help beside the question. */
  readonly hint?: Text;
  /** Its absence makes the entry incomplete, while it is relevant. */
  readonly required: boolean;
  /** Asked only under a condition: see {@link Session.relevant}. */
  readonly conditional: boolean;
  /** Personal data. */
  readonly sensitive: boolean;
  /** Of the number: `m`, `year`, `day`, … */
  readonly unit?: string;
  /** For dates `YYYY-MM-DD`. */
  readonly min?: number | string;
  /** For dates `YYYY-MM-DD`. */
  readonly max?: number | string;
  /** Most characters of a text. */
  readonly maxLength?: number;
  /** The whole text must match; as the author wrote it. For hints only: dialects of JavaScript differ. */
  readonly pattern?: string;
  /** Of `choice` and `choices`, in the order to show. */
  readonly options?: readonly Option[];
  /** Fewest items of a list. */
  readonly minItems?: number;
  /** Most items of a list. */
  readonly maxItems?: number;
  /** Coordinate systems that are accepted; absent means all four. */
  readonly crs?: readonly Crs[];
  /** Table of a `ref`. */
  readonly table?: string;
  /** Of a `group`, and of the records of a `list`. */
  readonly fields?: readonly Field[];
  /** Of a `list` of scalars. */
  readonly item?: Field;
}

/** The form, to be drawn in this order. */
export interface Form {
  /** Of the submission itself; records have theirs inside. */
  readonly fields: readonly Field[];
}

/** A clause that rules rest on. */
export interface Clause {
  /** What rules and findings cite it by. */
  readonly id: string;
  /** The document's name as it is cited. */
  readonly title: string;
  /** Such as `第九条`. */
  readonly article: string;
  /** Its exact words. */
  readonly quote: string;
  /** Who issued the document. */
  readonly publisher?: string;
  /** Where the document is public. */
  readonly link?: string;
  /** Where its words were read: in the original, in a repost, or nowhere yet. */
  readonly grade: "original" | "repost" | "unverified";
  /** When it is in force. */
  readonly effective: Period;
  /** A misprint, a conflict with another clause, a limit of its reach. */
  readonly note?: Text;
}

/** A rule, as far as it is shown. */
export interface Rule {
  /** Stable name. */
  readonly id: string;
  /** What is right, in a phrase. */
  readonly title: Text;
  /** See {@link RuleKind}. */
  readonly kind: RuleKind;
  /** How grave a violation is. */
  readonly severity: Severity;
  /** Ids of the clauses that it rests on. */
  readonly clauses: readonly string[];
  /** One verdict per item of a list. */
  readonly each: boolean;
  /** When it holds; outside it does not apply. */
  readonly effective: Period;
  /** The author's own words for selecting rules. */
  readonly tags: readonly string[];
  /** What to do about a violation. */
  readonly remedy?: Text;
  /** Who must act. */
  readonly duty?: Text;
}

/** Fields and rules that belong together: a heading of the form, and a line of the report's counts. */
export interface Section {
  /** Stable name. */
  readonly id: string;
  /** The heading. */
  readonly title: Text;
  /** Names of the form's own fields. */
  readonly fields: readonly string[];
  /** Ids of rules. */
  readonly rules: readonly string[];
}

/** What a locality may set. Without a `value` it is unset. */
export interface Param {
  /** Stable name. */
  readonly name: string;
  /** As shown to people. */
  readonly label: Text;
  /** Of the value. */
  readonly unit?: string;
  /** What it is set to. */
  readonly value?: boolean | number | string;
  /** Id of the clause that states the value. */
  readonly clause?: string;
}

/** Reference data that a check is given by name. */
export interface Table {
  /** By which a check is given its data. */
  readonly name: string;
  /** As shown to people. */
  readonly label: Text;
  /** A calendar of days off and make-up working days, or records. */
  readonly kind: "calendar" | "rows";
  /** Used unless a check is given another. */
  readonly included: boolean;
  /** Of `rows`. */
  readonly columns?: readonly Field[];
}

/** What holds for one place on one day: the base with the layers that cover the place. */
export interface Description {
  /** From the base to the narrowest area. */
  readonly layers: readonly Layer[];
  /** What to ask. */
  readonly form: Form;
  /** Every clause that the rules cite. */
  readonly clauses: readonly Clause[];
  /** In their order. */
  readonly rules: readonly Rule[];
  /** In document order; empty where the author made none. */
  readonly sections: readonly Section[];
  /** What localities may set. */
  readonly params: readonly Param[];
  /** What reference data may be given. */
  readonly tables: readonly Table[];
}

// As the engine hands it over.

export interface RawField extends Omit<Field, "path" | "type" | "fields" | "item" | "min" | "max"> {
  type: Exclude<FieldType, "group">;
  min?: number;
  max?: number;
  /** Scope of a list's items. */
  scope?: number;
}

export interface RawGroup {
  name: string;
  label: Text;
  hint?: Text;
  conditional: boolean;
  /** Slots, and groups as negative numbers. */
  members: number[];
}

export interface RawScope {
  scalar: boolean;
  fields: RawField[];
  groups: RawGroup[];
}

export interface RawPlan extends Omit<Description, "form" | "tables"> {
  scopes: RawScope[];
  tables: (Omit<Table, "columns"> & { columns?: RawScope })[];
  /** The author's reasons. */
  reasons: string[];
}

const day = (value: number): string => new Date(value * 86_400_000).toISOString().slice(0, 10);

function field(scopes: readonly RawScope[], raw: RawField, prefix: Pointer): Field {
  const { scope: inner, min, max, ...rest } = raw;
  const bound = (value: number): number | string =>
    raw.type === "date" ? day(value) : raw.type === "datetime" ? new Date(value).toISOString() : value;
  const made: { -readonly [Key in keyof Field]: Field[Key] } = { ...rest, path: raw.name === "" ? "" : `${prefix}/${raw.name}` };
  if (min !== undefined) {
    made.min = bound(min);
  }
  if (max !== undefined) {
    made.max = bound(max);
  }
  const scope = inner === undefined ? undefined : scopes[inner];
  if (scope?.scalar) {
    made.item = field(scopes, scope.fields[0]!, "");
  } else if (scope) {
    made.fields = members(scopes, scope, 0, "");
  }
  return made;
}

function members(scopes: readonly RawScope[], scope: RawScope, number: number, prefix: Pointer): Field[] {
  return scope.groups[number]!.members.map((member) => {
    if (member >= 0) {
      return field(scopes, scope.fields[member]!, prefix);
    }
    const { name, label, hint, conditional } = scope.groups[-member]!;
    const path = `${prefix}/${name}`;
    return {
      name,
      path,
      type: "group",
      label,
      ...(hint && { hint }),
      required: false,
      conditional,
      sensitive: false,
      fields: members(scopes, scope, -member, path),
    };
  });
}

/** The description with its fields as a tree. */
export function describe(raw: RawPlan): Description {
  const { scopes, reasons: _, tables, ...rest } = raw;
  return {
    ...rest,
    form: { fields: scopes[0] ? members(scopes, scopes[0], 0, "") : [] },
    tables: tables.map(({ columns, ...table }) => ({
      ...table,
      ...(columns && { columns: columns.fields.map((column) => field([columns], column, "")) }),
    })),
  };
}
