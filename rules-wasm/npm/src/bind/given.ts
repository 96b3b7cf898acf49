// What `bind` was given, looked at before anything is done with it, and what the page lacks, told to whoever wrote it. In: arguments, a form. Out: a
// `RulesError`, or lines in the console. Nobody who fills in the form sees any of it.

import type { Field } from "../description.js";
import { bad, known } from "../options.js";
import type { BindOptions } from "./bind.js";
import { fieldAt } from "./words.js";

const OPTIONS: Readonly<Record<keyof BindOptions, true>> = {
  asOf: true,
  jurisdiction: true,
  tables: true,
  lang: true,
  blocking: true,
  rewrite: true,
  send: true,
  onReport: true,
  onSubmit: true,
};

/** The form, once all three can be what `bind` takes. */
export function checked(form: unknown, ruleset: unknown, options: unknown): HTMLFormElement {
  if ((form as HTMLFormElement | null)?.nodeName !== "FORM") {
    bad("/form", "the first argument is the form's element; what was given is none");
  }
  if (typeof (ruleset as { outcomes?: unknown } | null)?.outcomes !== "function") {
    bad("/ruleset", "the second argument is what `await load(…)` gives");
  }
  if (typeof options !== "object" || options === null) {
    bad("", "options are required: at least { asOf: 'YYYY-MM-DD' }");
  }
  known(options as object, "", Object.keys(OPTIONS));
  return form as HTMLFormElement;
}

/** One line for names that no field has. */
export function warnOfNames(controls: readonly string[], fields: readonly Field[]): void {
  if (controls.length > 0) {
    console.warn(`@weibao/rules: no field has the name of these controls: ${controls.join(", ")}. The form's fields: ${fields.map((one) => one.name).join(", ")}`);
  }
}

/** One line for what keeps a form from being submitted and stands nowhere on the page, by the names that controls would have. */
export function warnOfLacks(pointers: readonly string[], fields: readonly Field[]): void {
  if (pointers.length > 0) {
    const names = pointers.map((pointer) => {
      const name = pointer.slice(1).replace(/\/(\d+)/g, "[$1]").replace(/\//g, ".");
      return fieldAt(fields, pointer)?.type === "list" ? `${name} (a list: data-rules-list="${name}")` : name;
    });
    console.warn(`@weibao/rules: not submitted, and the page has no control named ${names.join(", ")}`);
  }
}
