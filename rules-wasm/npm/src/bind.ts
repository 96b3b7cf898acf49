// The entry `@weibao/rules/bind`: a ruleset in a plain HTML form. It depends on nothing; the ruleset that it is given is the engine.

export { bind, type Binding, type BindOptions } from "./bind/bind.js";
export type { Issue, Lang, PathKey, Selection } from "./issues.js";
