// Binds a plain HTML form to a ruleset. In: a form, a loaded ruleset, a day. Out: a form that hints while it is filled in, reports errors when it is submitted,
// and shows the verdict apart. It holds no rules: names become paths, typed text becomes values, and what the engine says is put beside them.

import type { Changes } from "../changes.js";
import type { Description } from "../description.js";
import { type ErrorCode, RulesError } from "../errors.js";
import type { Issue, Lang, Selection } from "../issues.js";
import { say } from "../issues.js";
import type { CheckOptions } from "../options.js";
import type { Report } from "../report.js";
import type { Ruleset } from "../ruleset.js";
import type { Tables } from "../tables.js";
import { anchor, goTo } from "./anchors.js";
import { fillControls, fillRows, rewrite } from "./fill.js";
import { checked, warnOfLacks, warnOfNames } from "./given.js";
import { Live } from "./live.js";
import { Messages } from "./messages.js";
import { type Control, controlsOf, read, type Reading } from "./read.js";
import { relevance, unbound } from "./relevance.js";
import { addRow, removeRow } from "./rows.js";
import { showVerdict, Summary } from "./summary.js";
import { type View, viewOf } from "./view.js";
import { outcomeWord, placeWords, TEXTS } from "./words.js";

/** How a form is bound. */
export interface BindOptions extends Pick<CheckOptions, "asOf" | "jurisdiction" | "tables"> {
  /** Language of messages. Default: that of the document around the form. */
  readonly lang?: Lang | undefined;
  /** What keeps from submitting. Default: entry errors and missing answers; never a finding. */
  readonly blocking?: Selection | undefined;
  /** Regular forms replace typed ones when a control is left: `２０２６年３月１日` becomes `2026-03-01`. Default: true. */
  readonly rewrite?: boolean | undefined;
  /** Members that a native submit carries: the answers as JSON, the report. */
  readonly send?: { readonly answers?: string | undefined; readonly report?: string | undefined } | undefined;
  /** After every look at the form. */
  readonly onReport?: ((report: Report, binding: Binding) => void) | undefined;
  /** Instead of a native submit, once nothing blocks it. */
  readonly onSubmit?: ((answers: Record<string, unknown>, report: Report, binding: Binding) => void | Promise<void>) | undefined;
}

/** A bound form. */
export interface Binding {
  /** What is filled in, as values. */
  readonly answers: Record<string, unknown>;
  /** What the engine says of it; undefined while it cannot be checked at all. */
  readonly report: Report | undefined;
  /** The report's canonical text. */
  readonly reportText: string | undefined;
  /** What keeps from submitting now. */
  readonly issues: readonly Issue[];
  /** Would a submit be refused? */
  readonly blocked: boolean;
  /** Why the form cannot be checked at all: too large, or the engine stopped. */
  readonly fault: { readonly code: string } | undefined;
  /** Controls whose names the ruleset does not know, and fields without a control: mistakes of whoever wrote the page. */
  readonly unmatched: { readonly controls: readonly string[]; readonly fields: readonly string[] };
  /** As a submit does: shows errors, moves the focus to their summary. Is everything right? */
  validate(): boolean;
  /** Looks at the form again, after a script changed values. */
  refresh(): void;
  /** Shows answers in the form, with as many rows as they have. Answers that cannot be read throw a `RulesError`. */
  fill(answers: unknown): void;
  /**
   * Puts another ruleset, or another version of this one, in the place of the form's. What is filled in stays; what differs is returned, and nothing if either cannot
   * check the form at all. Controls that the new ruleset asks for and the page does not have are in `unmatched`.
   */
  rebind(ruleset: Ruleset, options?: Pick<CheckOptions, "asOf" | "jurisdiction" | "tables">): Changes | undefined;
  /** Takes everything away that was added. */
  destroy(): void;
}

/** Milliseconds after a key stroke until the form is looked at. */
const REST = 60;

/** Events of the page, and whether something is pressed after them. */
const PRESSES: readonly (readonly [type: string, pressing: boolean])[] = [["pointerdown", true], ["pointerup", false], ["pointercancel", false]];

/** Problems of a whole record that nothing of it was read for, as codes of errors. */
const UNREADABLE: Readonly<Record<string, ErrorCode>> = { too_large: "answers_too_large", too_deep: "answers_too_deep", bad_json: "answers_type", wrong_type: "answers_type" };

class BoundForm implements Binding {
  answers: Record<string, unknown> = {};
  report: Report | undefined;
  reportText: string | undefined;
  fault: { readonly code: string } | undefined;
  private check: CheckOptions;
  private readonly lang: Lang;
  private description: Description;
  private reading: Reading;
  private view: View | undefined;
  private readonly touched = new WeakSet<Control>();
  private reported = new WeakSet<Control>();
  private attempted = false;
  /** Is a button of the mouse or a finger down? What is shown then would move the page under it, and the click would be lost. */
  private pressing = false;
  private held: (() => void) | undefined;
  private readonly live: Live;
  private readonly messages: Messages;
  private readonly summary: Summary;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private signature = "";
  private withValidity = new Set<Control>();
  private outcome = "";
  private readonly wasNoValidate: boolean;
  private readonly observer: MutationObserver;
  private readonly listening: [type: string, listener: (event: never) => void, capture: boolean][];
  private title: string | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private ruleset: Ruleset,
    private readonly options: BindOptions,
  ) {
    const { asOf, jurisdiction, tables } = options;
    this.check = Object.freeze({ asOf, jurisdiction, tables });
    // What is wrong with the options is told here, and not when somebody types.
    ruleset.outcomes({}, this.check);
    this.lang = options.lang ?? (/^en\b/i.test(form.closest<HTMLElement>("[lang]")?.lang ?? "") ? "en" : "zh");
    this.description = ruleset.describe({ asOf, jurisdiction });
    this.wasNoValidate = form.noValidate;
    form.noValidate = true;
    this.live = new Live(form);
    this.messages = new Messages(form);
    this.summary = new Summary(form, this.lang, goTo);
    this.reading = this.read();
    this.listening = [
      ["input", (event: Event) => this.typed(event), false],
      ["compositionend", () => this.later(), false],
      ["change", (event: Event) => this.changed(event.target as Control), false],
      ["click", (event: Event) => this.clicked(event), false],
      ["reset", () => setTimeout(() => this.restart()), false],
      ["submit", (event: SubmitEvent) => this.submitted(event), true],
      ["formdata", (event: FormDataEvent) => this.sending(event.formData), false],
    ];
    for (const [type, listener, capture] of this.listening) {
      form.addEventListener(type, listener as EventListener, capture);
    }
    for (const [type, pressing] of PRESSES) {
      form.ownerDocument.addEventListener(type, pressing ? this.press : this.release, true);
    }
    this.observer = new MutationObserver(() => this.names() !== this.signature && this.refresh());
    this.look();
    this.live.hush(this.view?.sayings.map((one) => one.text) ?? []);
    this.observer.observe(form, { childList: true, subtree: true });
    warnOfNames(this.unmatched.controls, this.description.form.fields);
  }

  get issues(): readonly Issue[] {
    return this.view?.blockers ?? [];
  }

  get blocked(): boolean {
    return this.fault !== undefined || this.issues.length > 0;
  }

  get unmatched(): Binding["unmatched"] {
    return { controls: [...new Set(this.reading.unknown)], fields: unbound(this.form, this.description.form.fields) };
  }

  private names(): string {
    return controlsOf(this.form).map((one) => one.name).join("\n");
  }

  private read(): Reading {
    return read(this.form, this.description.form.fields);
  }

  /** Reads the form, has it checked, and shows what there is to show. `from` is the control that was just left. */
  private look(from?: Control): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.signature = this.names();
    this.reading = this.read();
    this.answers = this.reading.answers;
    try {
      const session = this.ruleset.session(this.answers, this.check);
      try {
        this.reportText = session.reportText();
        this.report = JSON.parse(this.reportText) as Report;
        this.fault = undefined;
        relevance(this.form, this.reading, (pointer) => session.relevant(pointer));
      } finally {
        session.dispose();
      }
    } catch (error) {
      // Too large, or the engine stopped: nothing was decided. The next look begins anew.
      this.fault = { code: String((error as { code?: unknown }).code ?? error) };
      this.report = undefined;
      this.reportText = undefined;
      this.view = undefined;
    }
    this.show(from);
    if (this.report) {
      this.options.onReport?.(this.report, this);
      this.form.dispatchEvent(new CustomEvent("rules-report", { bubbles: true, detail: this.report }));
    }
  }

  private show(from?: Control): void {
    const { report, reading, description, lang } = this;
    if (report === undefined) {
      this.summary.show(this.attempted ? [{ text: say(TEXTS.unusable(this.fault?.code ?? ""), lang), focus: undefined }] : []);
      return;
    }
    const view = viewOf({
      ...{ report, reading, description, lang, blocking: this.options.blocking ?? {} },
      touched: (control) => this.touched.has(control),
      reported: (controls) => this.attempted && (controls.length === 0 || controls.some((one) => this.reported.has(one))),
    });
    this.view = view;
    this.messages.show(view.spots);
    this.summary.show(view.entries);
    if (this.attempted && view.entries.length === 0) {
      this.untitle();
    }
    for (const control of this.withValidity) {
      if (!view.validity.has(control)) {
        control.setCustomValidity("");
      }
    }
    view.validity.forEach((message, control) => control.setCustomValidity(message));
    this.withValidity = new Set(view.validity.keys());
    const place = this.form.querySelector<HTMLElement>("[data-rules-verdict]");
    if (place) {
      const find = (pointer: string): HTMLElement | undefined => anchor(reading, pointer)?.focus;
      showVerdict(place, report, description, lang, { find, name: (pointer) => placeWords(description, pointer, lang), go: goTo });
    }
    this.tell(view, from);
  }

  /** Announces what the control that was left brought about: each thing once. */
  private tell(view: View, from: Control | undefined): void {
    const { lang, report } = this;
    const outcome = `${say(TEXTS.verdict, lang)}${lang === "en" ? ": " : "："}${outcomeWord(report!.verdict.outcome, lang)}`;
    const here = from && Array.from(this.reading.places.values()).find((place) => place.controls.includes(from))?.pointer;
    const aloud = from ? view.sayings.filter((one) => one.finding || (one.pointer !== "" && one.pointer === here)).map((one) => one.text) : [];
    const isNew = from !== undefined && this.outcome !== "" && this.outcome !== outcome;
    this.live.tell([...view.sayings.map((one) => one.text), outcome], isNew ? [...aloud, outcome] : aloud);
    if (from !== undefined || this.outcome === "") {
      this.outcome = outcome;
    }
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.calm(() => this.look()), REST);
  }

  private typed(event: Event): void {
    if (!(event as InputEvent).isComposing) {
      this.later();
    }
  }

  private changed(control: Control): void {
    if (this.reading.lists.size > 0 && control.dataset?.["rulesNone"] !== undefined) {
      this.touched.add(control);
      this.look(control);
      return;
    }
    const held = (): Reading["places"] extends ReadonlyMap<string, infer P> ? P | undefined : never =>
      Array.from(this.reading.places.values()).find((place) => place.controls.includes(control));
    this.reading = this.read();
    const place = held();
    if (place === undefined) {
      return;
    }
    if (this.options.rewrite !== false) {
      rewrite(control, place);
    }
    place.controls.forEach((one) => {
      this.touched.add(one);
      if (this.attempted) {
        this.reported.add(one);
      }
    });
    this.calm(() => this.look(control));
  }

  private readonly press = (): void => {
    this.pressing = true;
  };

  private readonly release = (): void => {
    this.pressing = false;
    const { held } = this;
    this.held = undefined;
    // The click comes after this event and before any timer.
    if (held) {
      setTimeout(held);
    }
  };

  /** Does it now, or once nothing is pressed any more. */
  private calm(work: () => void): void {
    if (this.pressing) {
      this.held = work;
    } else {
      work();
    }
  }

  private clicked(event: Event): void {
    const button = (event.target as Element | null)?.closest?.<HTMLElement>("[data-rules-add], [data-rules-remove]");
    if (!button || !this.form.contains(button) || event.defaultPrevented) {
      return;
    }
    const { rulesAdd } = button.dataset;
    if (rulesAdd !== undefined) {
      const list = Array.from(this.form.querySelectorAll<HTMLElement>("[data-rules-list]")).find((one) => one.dataset["rulesList"] === rulesAdd);
      const row = list && addRow(list);
      if (row) {
        event.preventDefault();
        this.moved(list, "added", Array.from(list.querySelectorAll(":scope > [data-rules-row]")).indexOf(row));
        row.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
      }
      return;
    }
    const row = button.closest<HTMLElement>("[data-rules-row]");
    const removed = row && removeRow(row);
    if (removed) {
      event.preventDefault();
      const { list, number, next } = removed;
      this.moved(list, "removed", number);
      const adds = this.form.querySelectorAll<HTMLElement>("[data-rules-add]");
      const add = Array.from(adds).find((one) => one.dataset["rulesAdd"] === list.dataset["rulesList"]);
      (next?.querySelector<HTMLElement>("input, select, textarea, button") ?? add)?.focus();
    }
  }

  private moved(list: HTMLElement, what: "added" | "removed", number: number): void {
    this.look();
    const pointer = Array.from(this.reading.lists).find(([, elements]) => elements.includes(list))?.[0] ?? "";
    this.live.say(say(TEXTS[what](placeWords(this.description, pointer, this.lang), number + 1), this.lang));
  }

  private submitted(event: SubmitEvent): void {
    const { submitter } = event as { submitter?: HTMLElement | null };
    if (submitter?.hasAttribute("formnovalidate")) {
      this.look();
      return;
    }
    if (!this.validate()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (this.options.onSubmit) {
      event.preventDefault();
      void this.options.onSubmit(this.answers, this.report!, this);
    }
  }

  private sending(data: FormData): void {
    const { answers, report } = this.options.send ?? {};
    if (answers !== undefined) {
      data.set(answers, JSON.stringify(this.answers));
    }
    if (report !== undefined && this.reportText !== undefined) {
      data.set(report, this.reportText);
    }
  }

  validate(): boolean {
    this.look();
    this.attempted = true;
    this.reported = new WeakSet(controlsOf(this.form));
    this.form.querySelectorAll<HTMLInputElement>("[data-rules-none]").forEach((box) => this.reported.add(box));
    this.show();
    if (!this.blocked) {
      this.untitle();
      return true;
    }
    warnOfLacks(this.issues.filter((one) => one.part === "entry" && anchor(this.reading, one.at) === undefined).map((one) => one.at), this.description.form.fields);
    this.title ??= document.title;
    document.title = say(TEXTS.titled, this.lang) + this.title;
    this.summary.focus();
    this.live.hush(this.view?.sayings.map((one) => one.text) ?? []);
    return false;
  }

  private untitle(): void {
    if (this.title !== undefined) {
      document.title = this.title;
      this.title = undefined;
    }
  }

  private restart(): void {
    this.attempted = false;
    this.reported = new WeakSet();
    controlsOf(this.form).forEach((one) => this.touched.delete(one));
    this.untitle();
    this.refresh();
  }

  refresh(): void {
    this.look();
  }

  fill(given: unknown): void {
    // The engine's own copy: what cannot be read throws here, with its code, and the form stays as it is.
    const session = this.ruleset.session(given as object, this.check);
    const { answers } = session;
    const refused = session.report().entry.problems.find(({ at, code }) => at === "" && code in UNREADABLE);
    session.dispose();
    if (refused) {
      throw new RulesError(UNREADABLE[refused.code]!, "", refused.code);
    }
    fillControls(fillRows(() => this.read(), answers), answers);
    controlsOf(this.form).forEach((one) => this.touched.add(one));
    this.look();
    this.live.hush(this.view?.sayings.map((one) => one.text) ?? []);
  }

  rebind(ruleset: Ruleset, options: Pick<CheckOptions, "asOf" | "jurisdiction" | "tables"> = this.check): Changes | undefined {
    const { asOf, jurisdiction, tables } = options;
    // Tables that were prepared for another ruleset are read again for this one.
    const readable = (tables as Tables | undefined)?.readable;
    const check = Object.freeze({ asOf, jurisdiction, tables: typeof readable === "function" ? ruleset.prepareTables(readable.call(tables, ruleset)) : tables });
    // What is wrong with the options is told before anything is changed.
    ruleset.outcomes({}, check);
    this.look();
    let made: Changes | undefined;
    if (!this.fault) {
      const session = this.ruleset.session(this.answers, this.check);
      try {
        made = session.replace(ruleset, check);
      } finally {
        session.dispose();
      }
    }
    // What the old rules hid and the new ones do not know would stay hidden.
    relevance(this.form, this.reading, () => true, false);
    this.ruleset = ruleset;
    this.check = check;
    this.description = ruleset.describe({ asOf, jurisdiction });
    this.look();
    return made;
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.held = undefined;
    for (const [type, pressing] of PRESSES) {
      this.form.ownerDocument.removeEventListener(type, pressing ? this.press : this.release, true);
    }
    this.observer.disconnect();
    for (const [type, listener, capture] of this.listening) {
      this.form.removeEventListener(type, listener as EventListener, capture);
    }
    this.messages.clear();
    this.summary.remove();
    this.live.remove();
    this.untitle();
    this.withValidity.forEach((control) => control.setCustomValidity(""));
    relevance(this.form, this.reading, () => true, false);
    this.form.noValidate = this.wasNoValidate;
  }
}

/**
 * Binds a form to a ruleset. Names become paths (`sites[0].kind`), an element with `data-rules-verdict` shows the verdict, one with
 * `data-rules-list` and a `<template>` the rows of a list.
 *
 * Throws a `RulesError` (`bad_option`) where there is no form, no loaded ruleset, or an option that does not exist; names that no field has are told
 * in the console.
 *
 * @example
 * ```js
 * const ruleset = await load("/v1/bundles/hotel");
 * bind(document.querySelector("form"), ruleset, { asOf: "2026-03-02", onSubmit: (answers, report) => send(answers, report.digest) });
 * ```
 */
export function bind(form: HTMLFormElement | null, ruleset: Ruleset, options: BindOptions): Binding {
  return new BoundForm(checked(form, ruleset, options), ruleset, options);
}
