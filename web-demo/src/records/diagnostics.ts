// What this phone and the program around the page can and cannot do, tried out, as text to copy. In: the browser. Out: a screen. Must not know: any
// record; nothing personal is in the text.

import { store } from '../store/index.ts';
import { fill, h } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { APP, keepStorage, queue, storeBroken } from './keeper.ts';
import { shelf } from './offline.ts';

type Grade = 'pass' | 'open' | 'fail';

interface Line {
  readonly name: string;
  readonly value: string;
  readonly grade: Grade;
  /** What follows from it. */
  readonly note?: string;
}

const yes = (is: boolean): Grade => (is ? 'pass' : 'fail');
const can = (is: boolean): string => (is ? say('能', 'yes') : say('不能', 'no'));

/** The program that shows the page, by what it calls itself. */
export function container(agent: string): { readonly id: string; readonly ios: boolean } {
  const ios = /iPhone|iPad|iPod/.test(agent);
  const id = /MicroMessenger/i.test(agent) ? 'wechat' : /DingTalk/i.test(agent) ? 'dingtalk' : /wxwork/i.test(agent) ? 'wecom' : ios && !/Safari\//.test(agent) ? 'ios_app' : 'browser';
  return { id, ios };
}

function containerLine(agent: string): Line {
  const { id, ios } = container(agent);
  const names: Record<string, string> = { wechat: say('微信', 'WeChat'), dingtalk: say('钉钉', 'DingTalk'), wecom: say('企业微信', 'WeCom'), ios_app: say('苹果手机应用内', 'inside an iOS app'), browser: say('浏览器', 'browser') };
  const inside = id !== 'browser';
  const note = ios && inside
    ? say('苹果手机的应用内没有网就打不开本页，而且数据会被清理。请点“在 Safari 打开”，再“添加到主屏幕”。', 'Inside an iOS app the page cannot be opened offline, and its data is cleared. Open it in Safari and add it to the home screen.')
    : inside ? say('应用清理缓存时会清掉没发出的记录。建议用手机自带的浏览器打开，并添加到主屏幕。', 'When the app clears its cache, unsent records go. Better open it in the phone\'s own browser and add it to the home screen.')
      : ios ? say('七天不用，Safari 会清掉网页数据；添加到主屏幕的不会。', 'Safari clears a page\'s data after seven days without use, but not one on the home screen.') : undefined;
  return { name: say('打开本页的程序', 'Program around the page'), value: names[id] ?? id, grade: inside ? 'open' : 'pass', ...(note !== undefined && { note }) };
}

/** What a job gives; something else where it fails, or waits for a person: Firefox asks before it promises to keep data. */
async function tried<T>(job: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await Promise.race([job(), new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), 3_000))]);
  } catch {
    return otherwise;
  }
}

async function permission(name: string): Promise<string> {
  return tried(async () => (await navigator.permissions.query({ name: name as PermissionName })).state, 'unknown');
}

function permissionLine(name: string, here: boolean, state: string): Line {
  const words: Record<string, string> = { granted: say('已允许', 'allowed'), denied: say('已禁止，请到系统设置里打开', 'forbidden; allow it in the settings'), prompt: say('用时会问', 'asked when used'), unknown: say('用时会问', 'asked when used') };
  return { name, value: here ? (words[state] ?? state) : say('没有', 'none'), grade: !here || state === 'denied' ? 'fail' : 'pass' };
}

async function clockLine(): Promise<Line> {
  const name = say('手机时钟与服务器', 'Clock against the server');
  const before = Date.now();
  const told = await tried(async () => Date.parse((await fetch('healthz', { cache: 'no-store' })).headers.get('date') ?? ''), NaN);
  if (Number.isNaN(told)) return { name, value: say('没有连上服务器', 'no server'), grade: 'open' };
  const off = Math.round(((before + Date.now()) / 2 - told) / 1000);
  const small = Math.abs(off) <= 60;
  return { name, value: small ? say('相差不到一分钟', 'less than a minute apart') : say(`手机${off > 0 ? '快' : '慢'} ${Math.abs(off)} 秒`, `the phone is ${Math.abs(off)} s ${off > 0 ? 'ahead' : 'behind'}`), grade: small ? 'pass' : 'open',
    ...(!small && { note: say('顺序和保留期不看手机时钟，但检查日期和照片时间会写错，请校准。', 'Order and retention do not go by the phone\'s clock; dates of checks and photos do. Set it right.') }) };
}

function formsLine(): Line {
  const name = say('没有网时能填的检查表', 'Forms that work without a network');
  const now = shelf();
  if (!now) return { name, value: say('还不知道', 'not known yet'), grade: 'open' };
  const left = now.missing.length;
  return left === 0 ? { name, value: say(`${now.here} 套都在`, `all ${now.here}`), grade: 'pass' }
    : { name, value: say(`${now.here} 套在，${left} 套没有下载`, `${now.here} here, ${left} not`), grade: 'open', note: say('联网后回到首页，点“现在下载”。', 'When connected, go to the first screen and fetch them.') };
}

async function lines(): Promise<Line[]> {
  const agent = navigator.userAgent;
  const worker = 'serviceWorker' in navigator;
  const active = worker && (await tried(async () => (await navigator.serviceWorker.getRegistration())?.active !== undefined, false));
  const stores = storeBroken() === null && (await tried(async () => { await store.disk.change(['settings'], async (at) => at.put('settings', { name: 'tried', value: 1 })); return true; }, false));
  const strict = typeof IDBTransaction !== 'undefined' && 'durability' in IDBTransaction.prototype;
  const kept = (await tried(async () => navigator.storage.persisted(), false)) || (await tried(keepStorage, false));
  const room = await tried(async () => navigator.storage.estimate(), {} as StorageEstimate);
  const mb = (bytes: number | undefined): string => (bytes === undefined ? '?' : `${Math.round(bytes / 1048576)} MB`);
  const subtle = globalThis.crypto?.subtle !== undefined;
  const wasm = typeof WebAssembly === 'object';
  const fallback = performance.getEntriesByType('resource').some((one) => /fallback-[^/]*\.js/.test(one.name));
  return [
    containerLine(agent),
    { name: say('没有网也能打开本页', 'Opens without a network'), value: active ? can(true) : worker ? say('再打开一次就能', 'from the next visit') : can(false), grade: active ? 'pass' : worker ? 'open' : 'fail', ...(!worker && { note: say('已经打开的页面照常能填、能存。', 'A page that is open already works and saves as usual.') }) },
    formsLine(),
    { name: say('在手机上保存', 'Saves on the phone'), value: can(stores), grade: yes(stores) },
    { name: say('说存了就真的落盘', 'Saved means on the disk'), value: strict ? can(true) : say('由浏览器决定', 'left to the browser'), grade: strict ? 'pass' : 'open' },
    { name: say('浏览器答应不清理', 'Browser promises to keep it'), value: can(kept), grade: kept ? 'pass' : 'open', ...(!kept && { note: say('添加到主屏幕、常用本页，或及时发送。', 'Add the page to the home screen, use it often, or send soon.') }) },
    { name: say('已用 / 可用空间', 'Room used / there'), value: `${mb(room.usage)} / ${mb(room.quota)}`, grade: room.quota === undefined || (room.quota - (room.usage ?? 0)) > 100 * 1048576 ? 'pass' : 'open' },
    { name: say('多个页面互不打架', 'Pages do not collide'), value: 'locks' in navigator ? say('Web Locks', 'Web Locks') : say('用租约代替', 'by leases'), grade: 'pass' },
    { name: say('加密', 'Encryption'), value: can(subtle), grade: yes(subtle), ...(!subtle && { note: say('请用 https 打开。', 'Open the page by https.') }) },
    { name: say('规则引擎', 'Rule engine'), value: !wasm ? can(false) : fallback ? say('兼容模块（旧内核）', 'portable module (old browser)') : say('标准模块', 'usual module'), grade: yes(wasm) },
    permissionLine(say('定位', 'Position'), 'geolocation' in navigator, await permission('geolocation')),
    { name: say('认出模拟定位', 'Tells a mock location'), value: can(false), grade: 'open', note: say('浏览器不说。几次定位一模一样时，本页会提醒核对。', 'A browser does not say. Where all fixes are the same number, the page asks to check them.') },
    permissionLine(say('相机', 'Camera'), 'mediaDevices' in navigator, await permission('camera')),
    await clockLine(),
    { name: say('PIN', 'PIN'), value: store.vault.hasPin ? say('已设置', 'set') : say('没有设置', 'none'), grade: store.vault.hasPin ? 'pass' : 'open' },
    { name: say('发送', 'Sending'), value: queue.state.fault ?? say('正常', 'works'), grade: queue.state.fault === null ? 'pass' : 'open' },
    { name: say('版本', 'Version'), value: APP, grade: 'pass' },
    { name: 'User-Agent', value: agent, grade: 'pass' },
  ];
}

export function diagnosticsScreen(back: () => void): HTMLElement {
  const out = h('div', { class: 'diagnostics' }, h('p', { class: 'hint', role: 'status', text: bi('正在检查……', 'Looking…') }));
  const copy = h('button', { type: 'button', class: 'action', id: 'copy', text: bi('复制这些结果', 'Copy these results') });
  const home = h('button', { type: 'button', class: 'action quiet', text: bi('返回', 'Back'), onclick: back });
  const told = h('p', { class: 'status', role: 'status' });
  let text = '';
  void lines().then((found) => {
    text = found.map((one) => `${one.name}: ${one.value}`).join('\n');
    fill(out, h('dl', { class: 'abilities' }, found.map((one) => h('div', { 'data-grade': one.grade }, h('dt', {}, icon(one.grade), one.name), h('dd', {}, one.value, one.note ? h('p', { class: 'hint' }, one.note) : null)))));
  });
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = say('已复制，可以发给管理员。', 'Copied; send it to the administrator.');
    } catch {
      fill(out, h('textarea', { rows: 18, readonly: true, 'aria-label': say('检查结果', 'Results') }, text));
      told.textContent = say('请长按选中后复制。', 'Select the text and copy it.');
    }
  });
  return h('main', { class: 'start', id: 'main' },
    h('h1', { tabindex: -1, text: bi('这台手机能做什么', 'What this phone can do') }),
    h('p', { class: 'hint', text: bi('下面没有任何检查内容和个人信息。', 'Nothing of any record and nothing personal is below.') }), out, told, h('div', { class: 'row' }, copy, home));
}
