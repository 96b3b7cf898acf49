// Plans of a bundle, as far as hosts draw and show them. In: a bundle's text, which the engine has accepted: its format is the one
// that this package was built with, and no byte is changed. Out: `RawPlan`s. The format is that of rules-core/src/wire.rs: what is empty
// is left out, references are positions.

import type { Clause, Crs, FieldType, Period, RawField, RawPlan, RawScope, Rule } from "./description.js";
import type { Text } from "./report.js";

interface WireField {
  name?: string;
  kind: Exclude<FieldType, "group" | "list"> | number;
  label?: Text;
  hint?: Text;
  required?: true;
  relevant?: number;
  unit?: string;
  min?: number;
  max?: number;
  max_length?: number;
  pattern?: number;
  options?: { symbol: number; label?: Text }[];
  min_items?: number;
  max_items?: number;
  crs?: Crs[];
  table?: number;
  sensitive?: true;
}

type WireMember = { field: number } | { group: number };

interface WireScope {
  fields?: WireField[];
  groups?: { name?: string; label?: Text; hint?: Text; relevant?: number; members?: WireMember[] }[];
  scalar?: true;
}

interface WirePlan {
  layers: { id: string; version: string; digest: string; title?: Text; jurisdiction: number; effective?: Period }[];
  form: { scopes: WireScope[] };
  symbols?: string[];
  consts?: (boolean | number | string | { choice: number } | { date: string })[];
  params?: { name: string; label?: Text; unit?: string; value?: number; clause?: number }[];
  tables?: { name: string; label?: Text; kind: "calendar" | { columns: WireScope }; include?: string }[];
  patterns?: { source?: string }[];
  reasons?: string[];
  clauses?: (Omit<Clause, "effective"> & { document: string; effective?: Period })[];
  rules?: (Omit<Rule, "clauses" | "each" | "effective" | "tags"> & { clauses?: number[]; each?: number; effective?: Period; tags?: string[] })[];
  sections?: { id: string; title?: Text; members?: WireMember[]; rules?: number[] }[];
}

const NO_TEXT: Text = { zh: "" };

/** The members that are there. */
function some<T extends object>(members: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined) {
      given[key] = value;
    }
  }
  return given as never;
}

function field(plan: WirePlan, from: WireField): RawField {
  const { kind, options } = from;
  return {
    name: from.name ?? "",
    type: typeof kind === "number" ? "list" : kind,
    label: from.label ?? NO_TEXT,
    required: from.required === true,
    conditional: from.relevant !== undefined,
    sensitive: from.sensitive === true,
    ...some({
      hint: from.hint,
      unit: from.unit,
      min: from.min,
      max: from.max,
      maxLength: from.max_length,
      pattern: from.pattern === undefined ? undefined : plan.patterns?.[from.pattern]?.source,
      options: options?.map(({ symbol, label }) => ({ code: plan.symbols![symbol]!, label: label ?? NO_TEXT })),
      minItems: from.min_items,
      maxItems: from.max_items,
      crs: from.crs,
      table: from.table === undefined ? undefined : plan.tables?.[from.table]?.name,
      scope: typeof kind === "number" ? kind : undefined,
    }),
  };
}

function scope(plan: WirePlan, from: WireScope): RawScope {
  return {
    scalar: from.scalar === true,
    fields: (from.fields ?? []).map((one) => field(plan, one)),
    groups: (from.groups ?? []).map(({ name, label, hint, relevant, members }) => ({
      name: name ?? "",
      label: label ?? NO_TEXT,
      ...some({ hint }),
      conditional: relevant !== undefined,
      members: (members ?? []).map((member) => ("field" in member ? member.field : -member.group)),
    })),
  };
}

function nameOf(root: WireScope, member: WireMember): string {
  return ("field" in member ? root.fields![member.field]!.name : root.groups![member.group]!.name) ?? "";
}

function rawPlan(plan: WirePlan): RawPlan {
  const clauses = plan.clauses ?? [];
  const idOf = (clause: number): string => clauses[clause]!.id;
  return {
    layers: plan.layers.map((layer) => ({
      id: layer.id,
      version: layer.version,
      digest: layer.digest,
      title: layer.title ?? NO_TEXT,
      jurisdiction: String(layer.jurisdiction).padStart(6, "0"),
      effective: layer.effective ?? {},
    })),
    scopes: plan.form.scopes.map((one) => scope(plan, one)),
    clauses: clauses.map(({ id, title, article, quote, publisher, link, grade, effective = {}, note }) => ({
      ...{ id, title: title ?? "", article: article ?? "", quote: quote ?? "", grade, effective },
      ...some({ publisher, link, note }),
    })),
    rules: (plan.rules ?? []).map(({ id, title, kind, severity, clauses = [], each, effective = {}, tags = [], remedy, duty }) => ({
      ...{ id, title: title ?? NO_TEXT, kind, severity, clauses: clauses.map(idOf), each: each !== undefined, effective, tags },
      ...some({ remedy, duty }),
    })),
    sections: (plan.sections ?? []).map(({ id, title = NO_TEXT, members = [], rules = [] }) => ({
      ...{ id, title },
      fields: members.map((member) => nameOf(plan.form.scopes[0]!, member)),
      rules: rules.map((rule) => plan.rules![rule]!.id),
    })),
    params: (plan.params ?? []).map(({ name, label = NO_TEXT, unit, value, clause }) => {
      const constant = value === undefined ? undefined : plan.consts![value]!;
      const shown = typeof constant !== "object" ? constant : "date" in constant ? constant.date : plan.symbols![constant.choice]!;
      return { name, label, ...some({ unit, value: shown, clause: clause === undefined ? undefined : idOf(clause) }) };
    }),
    tables: (plan.tables ?? []).map(({ name, label = NO_TEXT, kind, include }) => ({
      ...{ name, label, kind: kind === "calendar" ? kind : ("rows" as const), included: include !== undefined },
      ...some({ columns: kind === "calendar" ? undefined : scope(plan, kind.columns) }),
    })),
    reasons: plan.reasons ?? [],
  };
}

/** The plan of every variant, the base first. */
export function plansOf(bundle: string): RawPlan[] {
  return (JSON.parse(bundle) as { variants: WirePlan[] }).variants.map(rawPlan);
}
