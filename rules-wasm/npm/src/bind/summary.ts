// The error summary and the verdict. In: lines that lead to places. Out: elements. The summary takes the focus when a submit was refused, which is how a
// screen reader hears of it, once; the verdict stands apart, because a finding is no mistake of whoever fills in the form.

import type { Description } from "../description.js";
import { type Lang, say } from "../issues.js";
import type { Finding, Report } from "../report.js";
import { idOf } from "./anchors.js";
import { type Child, make } from "./dom.js";
import { clauseWords, findingWord, outcomeWord, TEXTS } from "./words.js";

/** A line of the summary. */
export interface Entry {
  readonly text: string;
  /** Where it leads; nowhere if the page has no control for it. */
  readonly focus: HTMLElement | undefined;
}

type Go = (element: HTMLElement) => void;

function link(text: string, focus: HTMLElement, go: Go): HTMLElement {
  const anchor = make("a", { href: `#${idOf(focus)}` }, text);
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    go(focus);
  });
  return anchor;
}

/** The error summary of a form. */
export class Summary {
  private readonly own: boolean;
  private readonly element: HTMLElement;
  private key = "";

  constructor(
    form: HTMLFormElement,
    private readonly lang: Lang,
    private readonly go: Go,
  ) {
    const given = form.querySelector<HTMLElement>("[data-rules-summary]");
    this.own = given === null;
    this.element = given ?? make("div", { class: "rules-summary" });
    if (given === null) {
      form.prepend(this.element);
    }
    this.element.hidden = true;
  }

  /** Shows the entries; none hide it. */
  show(entries: readonly Entry[]): void {
    const { element } = this;
    element.hidden = entries.length === 0;
    const key = JSON.stringify(entries.map(({ text, focus }) => [text, focus?.id]));
    if (key === this.key) {
      return;
    }
    this.key = key;
    const heading = make("h2", {}, say(TEXTS.summary(entries.length), this.lang));
    element.tabIndex = -1;
    element.setAttribute("role", "group");
    element.setAttribute("aria-labelledby", idOf(heading));
    const items = entries.map(({ text, focus }) => make("li", {}, focus ? link(text, focus, this.go) : text));
    element.replaceChildren(...(entries.length > 0 ? [heading, make("ul", {}, ...items)] : []));
  }

  focus(): void {
    this.element.scrollIntoView({ block: "start" });
    this.element.focus();
  }

  remove(): void {
    this.show([]);
    if (this.own) {
      this.element.remove();
    }
  }
}

const MOST_LINES = 200;

/** Fills the verdict's place. `find` gives the control for a pointer, `name` the place in words. */
export function showVerdict(
  element: HTMLElement,
  report: Report,
  description: Description,
  lang: Lang,
  places: { find(pointer: string): HTMLElement | undefined; name(pointer: string): string; go: Go },
): void {
  const { outcome, findings } = report.verdict;
  const line = (finding: Finding): HTMLElement => {
    const shown = finding.outcome === "undetermined" ? (finding.missing?.slice(0, 3) ?? []) : finding.at.slice(0, 1);
    const links = shown.map((pointer): Child => {
      const focus = places.find(pointer);
      return focus ? link(places.name(pointer), focus, places.go) : null;
    });
    const clause = clauseWords(description, finding);
    return make(
      "li",
      { "data-outcome": finding.outcome, "data-severity": finding.severity },
      ...[make("strong", { class: "rules-word" }, findingWord(finding, lang)), " ", make("span", {}, say(finding.message, lang)), " "],
      ...[clause === "" ? null : make("cite", {}, clause), " ", ...links.flatMap((one): Child[] => [one, " "])],
    );
  };
  const failed = findings.filter((one) => one.outcome === "fail");
  const open = findings.filter((one) => one.outcome === "undetermined" || one.outcome === "faulted");
  const wasOpen = element.querySelector("details")?.open === true;
  const details = make("details", {}, make("summary", {}, say(TEXTS.open(open.length), lang)), make("ul", {}, ...open.slice(0, MOST_LINES).map(line)));
  details.open = wasOpen;
  element.replaceChildren(
    make("p", { class: "rules-outcome", "data-outcome": outcome }, make("strong", {}, `${say(TEXTS.verdict, lang)}${lang === "en" ? ": " : "："}${outcomeWord(outcome, lang)}`)),
    ...(failed.length > 0 ? [make("p", {}, say(TEXTS.failed(failed.length), lang)), make("ul", {}, ...failed.slice(0, MOST_LINES).map(line))] : []),
    ...(open.length > 0 ? [details] : []),
  );
}
