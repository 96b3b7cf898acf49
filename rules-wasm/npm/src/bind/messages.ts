// What is said beside a control. In: an anchor and lines. Out: a box of messages in the document, tied to the control: first in `aria-describedby`,
// `aria-invalid` where it is an error. Nothing here is announced by itself; that is the live region's work.

import { type Anchor, idOf } from "./anchors.js";
import { make } from "./dom.js";
import { typeOf } from "./read.js";

/** One message. */
export interface Line {
  /** `error` keeps from submitting; `hint` may; `warning` does not; `finding` is about the law and not the record. */
  readonly kind: "error" | "hint" | "warning" | "finding";
  /** Never only a colour: a word stands before the text. */
  readonly word: string;
  readonly text: string;
  readonly severity?: string;
  readonly outcome?: string;
}

interface Shown {
  readonly box: HTMLElement;
  described: HTMLElement;
  key: string;
}

/** Elements that may say that they are invalid: a radio may not, its group may. */
function mayBeInvalid(element: HTMLElement): boolean {
  return /^(input|select|textarea)$/.test(element.localName) ? typeOf(element as HTMLInputElement) !== "radio" : element.getAttribute("role") === "radiogroup";
}

function setToken(element: Element, name: string, id: string, on: boolean): void {
  const others = (element.getAttribute(name) ?? "").split(/\s+/).filter((one) => one !== "" && one !== id);
  const all = on ? [id, ...others] : others;
  if (all.length > 0) {
    element.setAttribute(name, all.join(" "));
  } else {
    element.removeAttribute(name);
  }
}

/** The boxes of one form. */
export class Messages {
  private readonly shown = new Map<Element, Shown>();
  private readonly invalid = new Set<HTMLElement>();

  constructor(private readonly form: HTMLFormElement) {}

  /** Shows these lines and no others. */
  show(all: ReadonlyMap<string, { readonly anchor: Anchor; readonly lines: readonly Line[] }>): void {
    const kept = new Set<Element>();
    const wrong = new Set<HTMLElement>();
    for (const { anchor, lines } of all.values()) {
      const { described } = anchor;
      kept.add(described);
      this.put(anchor, lines);
      if (lines.some((line) => line.kind === "error")) {
        for (const element of new Set([described, ...anchor.controls])) {
          if (mayBeInvalid(element)) {
            wrong.add(element);
          }
        }
      }
    }
    for (const [element, { box, described }] of this.shown) {
      if (!kept.has(element)) {
        setToken(described, "aria-describedby", box.id, false);
        box.remove();
        this.shown.delete(element);
      }
    }
    for (const element of this.invalid) {
      if (!wrong.has(element)) {
        element.removeAttribute("aria-invalid");
        this.invalid.delete(element);
      }
    }
    for (const element of wrong) {
      element.setAttribute("aria-invalid", "true");
      this.invalid.add(element);
    }
  }

  private put({ described }: Anchor, lines: readonly Line[]): void {
    let shown = this.shown.get(described);
    if (!shown || !shown.box.isConnected) {
      const box = make("div", { class: "rules-messages" });
      idOf(box);
      this.place(described, box);
      shown = { box, described, key: "" };
      this.shown.set(described, shown);
      setToken(described, "aria-describedby", box.id, true);
    }
    const key = JSON.stringify(lines);
    if (shown.key !== key) {
      shown.key = key;
      shown.box.replaceChildren(
        ...lines.map((line) =>
          make(
            "p",
            { class: `rules-message rules-${line.kind}`, "data-severity": line.severity, "data-outcome": line.outcome },
            make("strong", { class: "rules-word" }, `${line.word}${/[\u3000-\uffef]/.test(line.word) ? "：" : ": "}`),
            make("span", {}, line.text),
          ),
        ),
      );
    }
  }

  /** A place that the page names, else inside a group behind its legend, else behind the control or the label around it. */
  private place(described: HTMLElement, box: HTMLElement): void {
    const own = described.closest("[data-rules-field]")?.querySelector("[data-rules-messages]");
    if (own && this.form.contains(own)) {
      own.append(box);
    } else if (/^(input|select|textarea|button)$/.test(described.localName)) {
      (described.closest("label") ?? described).after(box);
    } else {
      const legend = Array.from(described.children).find((one) => one.localName === "legend");
      if (legend) {
        legend.after(box);
      } else {
        described.prepend(box);
      }
    }
  }

  /** Takes everything away. */
  clear(): void {
    this.show(new Map());
  }
}
