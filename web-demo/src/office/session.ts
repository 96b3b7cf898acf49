// Who looks, and why: logging in, the purpose of looking, logging out. In: what people type. Out: an account, a purpose. The session
// itself is a cookie that no script sees; the purpose is kept for as long as the tab lives and is forgotten on logging out.

import { h, type Child } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { get } from './api.ts';
import { answerOf, busy, button, labelled, notice } from './parts.ts';
import type { Me } from './types.ts';

const KEY = 'weibao-office-purpose';

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage switched off
  }
}

let purpose: string | null = stored();
let asking: Promise<string | null> | null = null;
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function keepPurpose(text: string | null): void {
  purpose = text;
  try {
    if (text === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // It then holds until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

export const purposeNow = (): string | null => purpose;
export const onPurpose = (listener: () => void): void => void listeners.add(listener);

const USUAL: readonly (readonly [zh: string, en: string])[] = [
  ['日常复核', 'Routine review'], ['整改跟踪', 'Rectification'], ['案件办理', 'Case work'], ['上级督查', 'Supervision'],
];

/** The purpose; asked for where there is none yet. Many requests that wait for it ask once. */
export function needPurpose(): Promise<string | null> {
  if (purpose !== null) return Promise.resolve(purpose);
  asking ??= changePurpose(document.body).finally(() => {
    asking = null;
  });
  return asking;
}

export async function changePurpose(opener: HTMLElement): Promise<string | null> {
  const given = await answerOf<string>(say('为什么要查阅？', 'Why do you look?'), opener, (done) => {
    const input = h('input', { type: 'text', name: 'purpose', class: 'text', maxlength: 200, minlength: 2, required: true, autocomplete: 'off', value: purpose ?? '' });
    const form = h('form', { class: 'stack' },
      h('p', { text: bi('查阅检查记录要说明目的，并会写进查阅日志（《未成年人网络保护条例》第三十六条）。', 'Reading records needs a purpose, which is written into the access log (Regulation on the Protection of Minors in Cyberspace, art. 36).') }),
      h('div', { class: 'row', role: 'group', 'aria-label': bi('常用目的', 'Usual purposes') },
        USUAL.map(([zh, en]) => button(bi(zh, en), () => {
          input.value = say(zh, en);
          input.focus();
        }, 'soft'))),
      labelled(bi('查阅目的', 'Purpose'), input, bi('2 到 200 个字；不要写当事人的姓名。', '2 to 200 characters; no names of the people concerned.')),
      h('div', { class: 'row' }, h('button', { type: 'submit', class: 'action', text: bi('确定', 'Go on') })));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text.length >= 2) done(text);
    });
    return form;
  });
  if (given !== null) keepPurpose(given);
  return purpose;
}

/** A form that logs in. */
export function loginForm(done: (me: Me) => void): HTMLElement {
  const name = h('input', { type: 'text', name: 'name', class: 'text', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false' });
  const password = h('input', { type: 'password', name: 'password', class: 'text', autocomplete: 'current-password', required: true });
  const told = notice();
  told.el.setAttribute('role', 'alert');
  const send = h('button', { type: 'submit', class: 'action', text: bi('登录', 'Log in') });
  const other = h('div');
  const form = h('form', { class: 'stack login' }, labelled(bi('用户名', 'Name'), name), labelled(bi('密码', 'Password'), password), told.el, h('div', { class: 'row' }, send), other);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (send.hasAttribute('aria-busy')) return;
    told.clear();
    void busy(send, told, async () => {
      try {
        const { id, name: who, role, area } = await get<Me>('v1/sessions', { method: 'POST', body: { name: name.value.trim(), password: password.value } });
        done({ id, name: who, role, area });
      } finally {
        password.value = '';
      }
    });
  });
  // Where an identity provider is set up, it is offered; that there is none needs no words.
  get<{ oidc: string | null }>('v1/login').then(({ oidc }) => {
    if (oidc) other.append(h('a', { href: 'v1/oidc/start?back=/office.html', text: bi(`用 ${oidc} 登录`, `Log in with ${oidc}`) }));
  }).catch(() => undefined);
  return form;
}

/** Asks for a new login in place, once for all requests that wait for it. */
export function renewLogin(changed: (me: Me) => void): Promise<boolean> {
  renewing ??= answerOf<Me>(say('登录已经过期', 'Your session has expired'), document.body, (done): Child => [
    h('p', { text: bi('请重新登录；筛选条件和正在填写的内容都还在。', 'Log in again; your filters and what you were writing are kept.') }), loginForm(done),
  ]).then((me) => {
    if (me) changed(me);
    return me !== null;
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Who is logged in, if anybody. */
export async function whoAmI(): Promise<Me> {
  return get<Me>('v1/me');
}

export async function logOut(): Promise<void> {
  keepPurpose(null);
  await get('v1/sessions/current', { method: 'DELETE' });
}
