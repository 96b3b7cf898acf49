// The entry `@weibao/rules/element`: the custom element `<weibao-rules>`, sugar over `load` and `bind` for a page without any script of its own. In: attributes.
// Out: the form around it, bound. Its value is the report, its validity that of the record. It runs without `ElementInternals`, too.

import { bind, type Binding } from "./bind.js";
import type { Selection } from "./issues.js";
import { load } from "./index.js";
import { today } from "./typed.js";

export * from "./index.js";
export { bind, type Binding, type BindOptions } from "./bind.js";

/** In Node.js there is nothing to extend; the module can be imported all the same. */
const Base = (typeof HTMLElement === "function" ? HTMLElement : class {}) as typeof HTMLElement;

/**
 * `<weibao-rules bundle="/v1/bundles/hotel" as-of="2026-03-02" jurisdiction="150424" name="report">` inside a form.
 *
 * `as-of="today"` takes the day from the clock of this device, in China time: a page that is checked again on a server says which day counts. `blocking` is a list of
 * `errors`, `incomplete`, `warnings`, `fail`, `open`. `integrity` and `wasm-integrity` are hashes of the bundle and of the engine. Events: `rules-ready`, `rules-report`, `rules-failed`.
 */
export class WeibaoRules extends Base {
  /** Browsers with form-associated elements send its report with the form. */
  static readonly formAssociated = true;
  /** Once the ruleset is there. */
  binding: Binding | undefined;
  private readonly internals: ElementInternals | undefined = typeof this.attachInternals === "function" ? this.attachInternals() : undefined;
  private life = 0;

  /** The form that it stands in. */
  get form(): HTMLFormElement | null {
    return this.internals?.form ?? this.closest("form");
  }

  /** Loads the ruleset and binds the form around; called by the browser. */
  connectedCallback(): void {
    void this.start(++this.life);
  }

  /** Takes everything away; called by the browser. */
  disconnectedCallback(): void {
    this.life++;
    this.binding?.destroy();
    this.binding = undefined;
  }

  private async start(life: number): Promise<void> {
    try {
      const hash = (name: string): string | undefined => this.getAttribute(name) ?? undefined;
      const integrity = { bundle: hash("integrity"), wasm: hash("wasm-integrity") };
      const ruleset = await load(new URL(this.getAttribute("bundle") ?? "", document.baseURI), { integrity });
      const { form } = this;
      if (life !== this.life || form === null) {
        return;
      }
      const asOf = this.getAttribute("as-of") ?? "";
      this.binding = bind(form, ruleset, {
        asOf: asOf === "today" ? today(new Date()) : asOf,
        jurisdiction: this.getAttribute("jurisdiction") ?? undefined,
        blocking: selectionOf(this.getAttribute("blocking")),
        send: { answers: this.getAttribute("answers") ?? undefined, report: this.internals ? undefined : (this.getAttribute("name") ?? undefined) },
        onReport: (_, binding) => this.told(binding),
      });
      this.told(this.binding);
      this.dispatchEvent(new CustomEvent("rules-ready", { bubbles: true, detail: this.binding }));
    } catch (error) {
      // Without its rules the form is as it was; the page may say so.
      this.dispatchEvent(new CustomEvent("rules-failed", { bubbles: true, detail: error }));
    }
  }

  private told(binding: Binding): void {
    this.internals?.setFormValue(binding.reportText ?? null);
    const [first] = binding.issues;
    if (binding.blocked) {
      this.internals?.setValidity({ customError: true }, first?.message ?? binding.fault?.code ?? "blocked");
    } else {
      this.internals?.setValidity({});
    }
  }
}

function selectionOf(words: string | null): Selection | undefined {
  if (words === null) {
    return undefined;
  }
  const has = (word: string): boolean => words.split(/\s+/).includes(word);
  return { errors: has("errors"), incomplete: has("incomplete"), warnings: has("warnings"), findings: has("open") ? "all" : has("fail") ? "fail" : "none" };
}

if (typeof customElements !== "undefined" && !customElements.get("weibao-rules")) {
  customElements.define("weibao-rules", WeibaoRules);
}
