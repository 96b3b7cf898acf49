// What both entries of the worker export beside `connect`.

export { type ErrorCode, RulesError } from "../errors.js";
export type { Changes, FindingChange } from "../changes.js";
export type { About, ConnectOptions, WorkerChange, WorkerCheckOptions, WorkerEngine, WorkerOutcomes, WorkerRuleset, WorkerSession, WorkerTables } from "./client.js";
