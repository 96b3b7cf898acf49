// The page's language. In: texts in Chinese and English. Out: the one to show. Chinese is the default; the choice of
// language is the only thing that the page remembers between visits.

import { relive } from './dom.ts';

export type Lang = 'zh' | 'en';

/** Text of a ruleset: Chinese always, English where the author wrote it. */
export interface Text {
  readonly zh: string;
  readonly en?: string | undefined;
}

const KEY = 'weibao-language';
let current: Lang = 'zh';

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage switched off
  }
}

/** Reads `?lang=en` or what was chosen last time. */
export function startLanguage(): void {
  const asked = new URLSearchParams(location.search).get('lang') ?? remembered();
  current = asked === 'en' ? 'en' : 'zh';
  apply();
}

export function language(): Lang {
  return current;
}

export function setLanguage(lang: Lang): void {
  current = lang;
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // The choice then holds for this visit.
  }
  apply();
  relive();
}

function apply(): void {
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
}

/** The text in the current language, Chinese where there is no English. */
export function pick(text: Text | undefined): string {
  if (!text) return '';
  return current === 'en' && text.en ? text.en : text.zh;
}

/** `say('是', 'Yes')`: a text of the page itself. */
export function say(zh: string, en: string): string {
  return current === 'en' ? en : zh;
}

/** The same, to be computed again when the language changes. */
export function bi(zh: string, en: string): () => string {
  return () => say(zh, en);
}

/** A ruleset's text, live. */
export function both(text: Text | undefined): () => string {
  return () => pick(text);
}
