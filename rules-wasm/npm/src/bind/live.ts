// The one live region of a form: politely, and each thing once. In: texts that may be said. Out: what a screen reader hears after a pause in typing.

import { hide, make } from "./dom.js";

/** Milliseconds of rest after which something is said. */
const REST = 600;

/** Says things politely. */
export class Live {
  private readonly element = make("div", { class: "rules-live", role: "status" });
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What is to be said; what was only true is dropped when it is true no longer. */
  private waiting: { readonly text: string; readonly told: boolean }[] = [];
  private said = new Set<string>();

  constructor(form: HTMLFormElement) {
    hide(this.element);
    form.append(this.element);
  }

  /** Says what has not been said since it was last true. `now` is everything that is true now. */
  tell(now: readonly string[], aloud: readonly string[]): void {
    const current = new Set(now);
    this.said = new Set(Array.from(this.said).filter((one) => current.has(one)));
    this.waiting = this.waiting.filter(({ text, told }) => told || current.has(text));
    for (const one of aloud) {
      if (!this.said.has(one)) {
        this.said.add(one);
        this.wait(one, false);
      }
    }
  }

  /** Says that something was done. */
  say(text: string): void {
    this.wait(text, true);
  }

  private wait(text: string, told: boolean): void {
    this.waiting.push({ text, told });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.element.textContent = this.waiting.map((one) => one.text).join(" ");
      this.waiting = [];
    }, REST);
  }

  /** What is shown where the focus goes needs no saying. */
  hush(said: readonly string[]): void {
    clearTimeout(this.timer);
    this.waiting = [];
    this.element.textContent = "";
    said.forEach((one) => this.said.add(one));
  }

  remove(): void {
    clearTimeout(this.timer);
    this.element.remove();
  }
}
