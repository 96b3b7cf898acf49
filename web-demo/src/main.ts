// The page's entry: header, language, size of text, and which of the screens is shown.

import './style/base.css';
import './style/fields.css';
import './style/measuring.css';
import './style/results.css';
import { loadFault, loadRuleset } from './engine.ts';
import { Inspection } from './inspection.ts';
import { inspectionPage, type Page } from './page.ts';
import { bundleAddress } from './server.ts';
import { coversPlace } from './places.ts';
import { startScreen } from './start.ts';
import { today } from '@weibao/rules/typed';
import { bigText, setBigText, startBigText } from './ui/bigtext.ts';
import { fill, h } from './ui/dom.ts';
import { bi, language, say, setLanguage, startLanguage } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';

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
  fill(screen, startScreen((id, place) => void open(id, place)));
  window.scrollTo(0, 0);
  screen.querySelector<HTMLElement>('h1')?.focus();
}

async function open(id: string, place: string | null = null): Promise<void> {
  fill(screen, h('main', { class: 'start', id: 'main' }, h('p', { role: 'status', text: bi('正在装入规则……', 'Loading the rules…') })));
  try {
    const ruleset = await loadRuleset(bundleAddress(id));
    const base = ruleset.layers[0]?.jurisdiction ?? '000000';
    const there = place !== null && coversPlace(base, place) ? place : base;
    page = inspectionPage(new Inspection(ruleset, today(new Date()), there), start);
    fill(screen, page.el);
    window.scrollTo(0, 0);
    screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  } catch (error) {
    console.error(error);
    const again = h('button', { type: 'button', class: 'action', text: bi('重试', 'Try again'), onclick: () => void open(id, place) });
    const back = h('button', { type: 'button', class: 'action quiet', text: bi('返回', 'Back'), onclick: start });
    fill(screen, h('main', { class: 'start', id: 'main' },
      h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', { text: loadFault(error) })),
      h('div', { class: 'row' }, again, back)));
  }
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
const asked = decodeURIComponent(location.hash.slice(1));
const digest = /^verify=([0-9a-f]{64})$/.exec(asked)?.[1];
if (digest !== undefined) void verify(digest);
else if (/^[a-z0-9_.]+$/.test(asked)) void open(asked);
else start();
