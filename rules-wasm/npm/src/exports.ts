// Everything public but the functions that differ between platforms.

export type { InitOptions, LoadOptions } from "./api.js";
export type { Changes, FindingChange } from "./changes.js";
export type { Clause, Crs, Description, Field, FieldType, Form, Layer, Option, Param, Period, Rule, Section, Table } from "./description.js";
export type { WasmSource } from "./instantiate.js";
export { type ErrorCode, RulesError } from "./errors.js";
export type { Integrity } from "./integrity.js";
export type { CheckOptions, Limits, PlaceAndDay, TableData } from "./options.js";
export { type Outcome, Outcomes } from "./outcomes.js";
export type {
  Entry,
  Evidence,
  Finding,
  LayerRef,
  Pointer,
  Problem,
  Reason,
  Report,
  RuleKind,
  RuleOutcome,
  SectionCounts,
  Severity,
  Text,
  Verdict,
} from "./report.js";
export { type Answers, type DescribeOptions, type Distance, type Place, Ruleset } from "./ruleset.js";
export { type Change, type Path, Session } from "./session.js";
export type { BundleSource } from "./source.js";
export { Tables } from "./tables.js";
