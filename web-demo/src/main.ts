// The page's entry: header, language, size of text, and which of the screens is shown.

import './style/base.css';
import './style/fields.css';
import './style/measuring.css';
import './style/records.css';
import './style/results.css';
import { divisions } from './divisions.ts';
import { loadFault } from './engine.ts';
import { giveDay } from './flow/prefill.ts';
import { Inspection } from './inspection.ts';
import type { Page } from './page.ts';
import { COUNTRY, coversPlace } from './places.ts';
import { homeList } from './records/home.ts';
import { startKeeping, storeBroken } from './records/keeper.ts';
import { currentRuleset, listRulesets, type Held } from './records/library.ts';
import { resume, showInspection, type Surface } from './records/opened.ts';
import { forgetPin, pinScreen } from './records/pin.ts';
import { leftOver, resumeDialog } from './records/resume.ts';
import { watchUpdates } from './records/update.ts';
import { storeFaultWords } from './records/words.ts';
import { StoreFault } from './store/types.ts';
import { areasOf, startScreen } from './start.ts';
import { today } from '@weibao/rules/typed';
import { bigText, setBigText, startBigText } from './ui/bigtext.ts';
import { opened } from './ui/back.ts';
import { fill, h } from './ui/dom.ts';
import { bi, language, say, setLanguage, startLanguage } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';
import { quiet } from './ui/quiet.ts';
import { recent, usedPlace } from './ui/recent.ts';
import { askPlace } from './where.ts';

const screen = h('div', { class: 'screen' });
let page: Page | null = null;

function header(): HTMLElement {
  const toggle = h('button', { type: 'button', class: 'language', id: 'language', text: () => (language() === 'zh' ? 'English' : '中文'), lang: () => (language() === 'zh' ? 'en' : 'zh-CN') });
  toggle.addEventListener('click', () => {
    setLanguage(language() === 'zh' ? 'en' : 'zh');
    title();
  });
  const size = h('button', { type: 'button', class: 'language size', id: 'big-text', 'aria-pressed': String(bigText()), text: bi('大字', 'Big text') });
  size.addEventListener('click', () => {
    setBigText(!bigText());
    size.setAttribute('aria-pressed', String(bigText()));
  });
  return h('header', { class: 'top' },
    h('a', { class: 'skip', href: '#main', text: bi('跳到内容', 'Skip to content') }),
    h('p', { class: 'brand' }, h('b', {}, '未保规则'), h('span', { lang: 'en' }, 'Weibao Rules')), h('div', { class: 'top-tools' }, size, toggle));
}

function title(): void {
  document.title = say('未保规则 · 现场检查', 'Weibao Rules · Inspection');
}

function start(): void {
  page?.end();
  page = null;
  fill(screen, startScreen({ pick: (id, place) => void open(id, place), likely: (id) => setTimeout(() => void heldOf(id).catch(() => undefined), 300) }, homeList({ resume: (id) => void goOn(id), diagnostics: () => void diagnostics() })));
  window.scrollTo(0, 0);
  screen.querySelector<HTMLElement>('h1')?.focus();
}

/** Rulesets that were fetched in this visit, or are on their way: what is likely to be asked for is fetched while somebody reads. */
const held = new Map<string, Promise<Held>>();

function heldOf(id: string): Promise<Held> {
  const known = held.get(id);
  if (known) return known;
  const coming = currentRuleset(id);
  held.set(id, coming);
  coming.catch(() => held.delete(id));
  return coming;
}

const surface: Surface = { screen, home: start, open: (id) => void goOn(id) };

async function loading(job: () => Promise<Page>, again: () => void): Promise<void> {
  fill(screen, h('main', { class: 'start', id: 'main' }, h('p', { role: 'status', text: bi('正在装入规则……', 'Loading the rules…') })));
  try {
    page = await job();
  } catch (error) {
    if (!(error instanceof StoreFault)) console.error(error);
    const words = error instanceof StoreFault ? () => storeFaultWords(error.code) : loadFault(error);
    const retry = h('button', { type: 'button', class: 'action', text: bi('重试', 'Try again'), onclick: again });
    const back = h('button', { type: 'button', class: 'action quiet', text: bi('返回', 'Back'), onclick: start });
    fill(screen, h('main', { class: 'start', id: 'main' },
      h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', { text: words })),
      h('div', { class: 'row' }, retry, back)));
  }
}

function open(id: string, place: string | null = null): Promise<void> {
  return loading(async () => {
    const found = await heldOf(id);
    const base = found.ruleset.layers[0]?.jurisdiction ?? COUNTRY;
    const there = place !== null && coversPlace(base, place) ? place : base;
    const inspection = new Inspection(found.ruleset, today(new Date()), there);
    giveDay(inspection);
    return showInspection(surface, { held: found, inspection });
  }, () => void open(id, place));
}

function goOn(id: string): Promise<void> {
  return loading(() => resume(surface, id), () => void goOn(id));
}

async function diagnostics(): Promise<void> {
  const layer = opened(start);
  const { diagnosticsScreen } = await import('./records/diagnostics.ts');
  fill(screen, diagnosticsScreen(() => {
    layer.done();
    start();
  }));
  window.scrollTo(0, 0);
  screen.querySelector<HTMLElement>('h1')?.focus();
}

/** The first screen, after the PIN where there is one, with what was left unfinished. */
async function begin(): Promise<void> {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const digest = /^verify=([0-9a-f]{64})$/.exec(wanted)?.[1];
  const draft = /^draft=([0-9a-f-]{36})$/.exec(wanted)?.[1];
  if (digest !== undefined) return verify(digest);
  if (draft !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
    return goOn(draft);
  }
  if (/^[a-z0-9_.]+$/.test(wanted)) return direct(wanted);
  start();
  const left = storeBroken() ? null : await leftOver();
  if (left && page === null) resumeDialog(left, screen, () => void goOn(left.id));
}

/** An address that names a form leads to it, by way of the place where none is known. */
async function direct(id: string): Promise<void> {
  const { place } = recent();
  if (place !== null) return open(id, place);
  const list = await listRulesets().catch(() => []);
  const national = (list.find((one) => one.id === id)?.jurisdiction ?? COUNTRY) === COUNTRY;
  if (!national) return open(id);
  fill(screen, h('main', { class: 'start', id: 'main' }));
  const code = await askPlace(areasOf(list), screen);
  if (code === null) return start();
  usedPlace(code);
  return open(id, code);
}

/** The code on a paper leads to `…/verify/<digest>`; the server sends it on to this page with the digest as a fragment. */
async function verify(digest: string): Promise<void> {
  const { verifyScreen } = await import('./verify.ts');
  fill(screen, verifyScreen(digest, () => {
    history.replaceState(null, '', location.pathname + location.search);
    start();
  }));
  screen.querySelector<HTMLElement>('h1')?.focus();
}

startLanguage();
startBigText();
title();
document.body.replaceChildren(header(), screen);
void startKeeping().then((state) => {
  if (state !== 'locked') return begin();
  fill(screen, pinScreen(() => void begin(), async () => {
    await forgetPin();
    await begin();
  }));
  screen.querySelector<HTMLElement>('input')?.focus();
  return undefined;
});
watchUpdates();
// Not needed for the first inspection, and to be at hand when the network is gone before the page was kept.
setTimeout(() => void quiet().then(() => Promise.all([import('./records/diagnostics.ts'), import('./records/files.ts'), divisions()])).catch(() => undefined), 5_000);
