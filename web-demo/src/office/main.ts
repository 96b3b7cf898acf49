// The office's page: who is logged in and why, the views, and the way between them. In: the address behind `#`. Out: one view at a time.
// Filters live here, so that a change of view or a new login keeps them.

import '../style/base.css';
import './office.css';
import { divisions } from '../divisions.ts';
import { fill, h } from '../ui/dom.ts';
import { bi, language, say, setLanguage, startLanguage } from '../ui/i18n.ts';
import { connect, get, OfficeFault, wordsOf } from './api.ts';
import { areasView } from './areas.ts';
import { devicesView } from './devices.ts';
import { areaText, entriesView } from './entries.ts';
import { entryView } from './entry.ts';
import { noFilters, type Filters } from './filters.ts';
import { ledgerView, noLedgerFilters, rectificationView, type LedgerFilters } from './ledger.ts';
import { button, loading, notice } from './parts.ts';
import { changePurpose, loginForm, logOut, needPurpose, onPurpose, purposeNow, renewLogin, whoAmI } from './session.ts';
import { statisticsView } from './statistics.ts';
import type { Me, Role, RulesetLine } from './types.ts';
import { versionsView } from './versions.ts';
import { roleName } from './words.ts';

/** What views need from the page. */
export interface Office {
  readonly me: Me;
  readonly topics: readonly RulesetLine[];
  readonly filters: Filters;
  readonly ledger: LedgerFilters;
  /** Shows what the server would refuse only where it would not; the server decides all the same. */
  may(what: 'read' | 'edit' | 'publish'): boolean;
  /** Runs after a change of language, until another view is shown. */
  onLanguage(run: () => void): void;
}

const MAY: Readonly<Record<'read' | 'edit' | 'publish', readonly Role[]>> = {
  read: ['reviewer', 'office', 'admin'], edit: ['office', 'admin'], publish: ['admin'],
};

interface View {
  readonly name: string;
  readonly title: () => string;
  readonly needs?: 'read' | 'edit' | 'publish';
  readonly show: (office: Office) => HTMLElement;
}

const VIEWS: readonly View[] = [
  { name: 'entries', title: bi('检查记录', 'Records'), show: entriesView },
  { name: 'areas', title: bi('按地区', 'By area'), needs: 'read', show: areasView },
  { name: 'ledger', title: bi('整改台账', 'Rectifications'), needs: 'read', show: ledgerView },
  { name: 'statistics', title: bi('统计', 'Statistics'), needs: 'read', show: statisticsView },
  { name: 'rulesets', title: bi('规则版本', 'Rulesets'), show: versionsView },
  { name: 'devices', title: bi('设备', 'Devices'), needs: 'edit', show: devicesView },
];

let me: Me | null = null;
let topics: readonly RulesetLine[] = [];
let redraw: (() => void)[] = [];
let filters = noFilters();
let ledger = noLedgerFilters();
const screen = h('main', { id: 'main', tabindex: -1 });
const links = h('nav', { class: 'tabs', 'aria-label': bi('功能', 'Views') });
const account = h('div', { class: 'account' });
const told = notice();

function may(what: 'read' | 'edit' | 'publish'): boolean {
  return me !== null && MAY[what].includes(me.role);
}

function office(who: Me): Office {
  return { me: who, topics, filters, ledger, may, onLanguage: (run) => redraw.push(run) };
}

function header(): void {
  const toggle = h('button', { type: 'button', class: 'language', text: () => (language() === 'zh' ? 'English' : '中文'), lang: () => (language() === 'zh' ? 'en' : 'zh-CN') });
  toggle.addEventListener('click', () => {
    setLanguage(language() === 'zh' ? 'en' : 'zh');
    for (const run of redraw) run();
  });
  const who = me;
  const purpose = h('button', { type: 'button', class: 'language', id: 'purpose', text: () => say(`查阅目的：${purposeNow() ?? '未说明'}`, `Purpose: ${purposeNow() ?? 'not given'}`) });
  purpose.addEventListener('click', () => void changePurpose(purpose));
  const out = h('button', { type: 'button', class: 'language', id: 'logout', text: bi('退出', 'Log out') });
  out.addEventListener('click', () => void leave());
  fill(account, who ? [h('span', { class: 'who' }, who.name, ' · ', () => roleName(who.role), ' · ', areaText(who.area)), purpose, out] : null, toggle);
}

function tabs(now: string): void {
  fill(links, me ? VIEWS.filter((view) => !view.needs || may(view.needs)).map((view) =>
    h('a', { href: `#/${view.name}`, text: view.title, 'aria-current': view.name === now ? 'page' : null })) : null);
}

async function leave(): Promise<void> {
  try {
    await logOut();
  } catch (error) {
    // A session that is over already is as good as logged out; any other fault must be seen: the cookie is still good.
    if (!(error instanceof OfficeFault && error.status === 401)) return told.fault(error);
  }
  me = null;
  filters = noFilters();
  ledger = noLedgerFilters();
  location.hash = '#/entries';
  welcome();
}

function welcome(): void {
  told.clear();
  header();
  tabs('');
  document.title = say('未保规则 · 办公室登录', 'Weibao Rules · Office login');
  fill(screen, h('section', { class: 'panel welcome' }, h('h1', { tabindex: -1, text: bi('未保办公室', 'The office of child protection') }),
    h('p', { class: 'hint', text: bi('查阅检查记录、跟踪整改、统计。请用单位发的账号登录。', 'Records, rectifications, statistics. Log in with your account.') }), loginForm((who) => void enter(who))));
  screen.querySelector('input')?.focus();
}

async function enter(who: Me): Promise<void> {
  // Counties are called by their names as soon as those are here.
  void divisions().catch(() => undefined);
  me = who;
  header();
  try {
    topics = (await get<{ rulesets: readonly RulesetLine[] }>('v1/rulesets')).rulesets;
  } catch (error) {
    told.fault(error);
  }
  route(true);
}

/** Shows what the address says. */
function route(first = false): void {
  if (!me) return;
  const [, name = '', id = ''] = location.hash.split('/');
  const view = VIEWS.find((one) => one.name === name && (!one.needs || may(one.needs))) ?? VIEWS[0];
  if (!view) return;
  redraw = [];
  told.clear();
  const one = name === 'entry' && id !== '';
  const item = name === 'ledger' && id !== '';
  tabs(one ? 'entries' : view.name);
  document.title = `${say('未保规则', 'Weibao Rules')} · ${view.title()}`;
  fill(screen, one ? entryView(office(me), decodeURIComponent(id)) : item && may('read') ? rectificationView(office(me), decodeURIComponent(id)) : view.show(office(me)));
  if (!first) screen.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

async function start(): Promise<void> {
  fill(screen, loading());
  try {
    await enter(await whoAmI());
  } catch (error) {
    if (error instanceof OfficeFault && error.status === 401) return welcome();
    fill(screen, h('section', { class: 'panel' }, h('p', { class: 'note note-problem', role: 'alert', text: wordsOf(error) }), button(bi('重试', 'Try again'), () => void start())));
  }
}

startLanguage();
document.body.replaceChildren(
  h('header', { class: 'top' }, h('a', { class: 'skip', href: '#main', text: bi('跳到内容', 'Skip to content') }), h('p', { class: 'brand' }, h('b', {}, '未保规则'), h('span', { text: bi('办公室', 'Office') })), account),
  links, told.el, screen);
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The address behind `#` belongs to the views.
  event.preventDefault();
  screen.focus();
});
header();
onPurpose(header);
connect({
  // Before anybody has logged in there is nothing to renew: the login form stands on the page itself.
  renew: () => (me ? renewLogin((who) => {
    me = who;
    header();
  }) : Promise.resolve(false)),
  purpose: needPurpose,
});
window.addEventListener('hashchange', () => route());
void start();
