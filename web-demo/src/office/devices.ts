// Phones that may send records: letting one in by a code that it scans, shutting one out. In: a name, an area. Out: a view. The secret is
// shown once and kept nowhere on this page.

import { fill, h, type Child } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { get } from './api.ts';
import { areaText } from './entries.ts';
import { areaInput } from './filters.ts';
import type { Office } from './main.ts';
import { answerOf, busy, button, labelled, loading, nothing, notice, table, view } from './parts.ts';
import type { Device, IssuedDevice } from './types.ts';
import { timeText } from './words.ts';

/** The server's drawing, taken over as a picture: nothing in it can run. */
function picture(svg: string): HTMLElement {
  return h('img', { class: 'qr', alt: bi('给手机扫的二维码', 'QR code for the phone'), src: `data:image/svg+xml,${encodeURIComponent(svg)}`, width: 280, height: 280 });
}

function issued(device: IssuedDevice, name: string): Child {
  const told = notice();
  const copy = button(bi('复制链接', 'Copy the link'), () => void busy(copy, told, async () => {
    await navigator.clipboard.writeText(device.link).then(
      () => told.say('pass', bi('已复制。', 'Copied.')),
      () => told.say('problem', bi('浏览器不让复制。请选中下面的链接自己复制。', 'The browser forbids it. Select the link below and copy it.')));
  }));
  return h('div', { class: 'issued' }, picture(device.qr), h('div', { class: 'stack' },
    h('h2', {}, name),
    h('p', {}, bi('请用这台手机扫码。二维码只显示这一次；离开本页就没有了，可以作废后另发。', 'Scan it with the phone. It is shown this once; if it is lost, revoke the device and make another.')),
    h('p', {}, bi('有效期到', 'Valid until'), ' ', timeText(device.expiresAt)),
    h('details', {}, h('summary', { text: bi('不能扫码？用链接', 'Cannot scan? Use the link') }), h('p', {}, h('code', { class: 'secret' }, device.link)), copy), told.el));
}

export function devicesView(office: Office): HTMLElement {
  const told = notice();
  const made = h('div', { role: 'status' });
  const body = h('div');
  const name = h('input', { type: 'text', name: 'name', class: 'text', required: true, maxlength: 100, autocomplete: 'off' });
  const area = areaInput(office.me.area);
  area.required = true;
  const days = h('input', { type: 'number', name: 'days', class: 'text', min: 1, max: 3650, placeholder: bi('按服务器设置', 'As the server is set') });
  const send = h('button', { type: 'submit', class: 'action', text: bi('发一个二维码', 'Make a code') });
  const form = h('form', { class: 'filters' }, labelled(bi('设备名称', 'Device'), name, bi('如“西秀一组 1 号”', 'such as “Team 1, phone 1”')), labelled(bi('地区码', 'Area code'), area), labelled(bi('有效天数', 'Days'), days), h('div', { class: 'row' }, send));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (send.hasAttribute('aria-busy')) return;
    told.clear();
    void busy(send, told, async () => {
      const wish = { name: name.value.trim(), area: area.value.trim(), ...(days.value === '' ? {} : { days: Number(days.value) }) };
      const device = await get<IssuedDevice>('v1/devices', { method: 'POST', body: wish });
      fill(made, issued(device, wish.name));
      name.value = '';
      await load();
    });
  });
  async function revoke(one: Device, opener: HTMLElement): Promise<void> {
    const sure = await answerOf<boolean>(say('作废这台设备？', 'Revoke this device?'), opener, (done) => [
      h('p', {}, bi('作废后它不能再上报，也不能恢复；手机上没报的记录还在，换新码后可以再报。', 'It can send no more, and this cannot be undone; records on the phone stay and can be sent with a new code.'), ' ', h('strong', {}, one.name)),
      h('div', { class: 'row' }, button(bi('作废', 'Revoke'), () => done(true), 'danger')),
    ]);
    if (!sure) return;
    await get(`v1/devices/${encodeURIComponent(one.id)}`, { method: 'DELETE' });
    made.replaceChildren();
    told.say('pass', () => say(`已作废：${one.name}`, `Revoked: ${one.name}`));
    await load();
  }
  function state(one: Device): Child {
    if (one.revokedAt) return bi('已作废', 'revoked');
    return one.expiresAt && new Date(one.expiresAt) < new Date() ? bi('已过期', 'expired') : h('strong', { text: bi('可用', 'valid') });
  }
  async function load(): Promise<void> {
    if (!body.firstChild) fill(body, loading());
    try {
      const { items } = await get<{ items: readonly Device[] }>('v1/devices');
      fill(body, items.length === 0 ? nothing(bi('还没有设备。', 'No device yet.')) : table(bi('已发的设备', 'Devices so far'), [
        { title: bi('名称', 'Name'), head: true, cell: (one) => one.name }, { title: bi('地区', 'Area'), cell: (one) => areaText(one.area) }, { title: bi('状态', 'State'), cell: state },
        { title: bi('发放', 'Made'), cell: (one) => timeText(one.createdAt) }, { title: bi('到期', 'Expires'), cell: (one) => timeText(one.expiresAt) }, { title: bi('作废', 'Revoked'), cell: (one) => timeText(one.revokedAt) },
        { title: bi('操作', 'Action'), cell: (one) => {
          if (one.revokedAt) return null;
          const go = button(bi('作废', 'Revoke'), () => void busy(go, told, () => revoke(one, go)), 'quiet small');
          go.setAttribute('aria-label', say(`作废 ${one.name}`, `Revoke ${one.name}`));
          return go;
        } },
      ], items));
    } catch (error) {
      body.replaceChildren();
      told.fault(error);
    }
  }
  void load();
  return view(bi('设备', 'Devices'), h('p', { class: 'hint', text: bi('手机扫码后只能上报和取收据，不能看别的记录。', 'A phone with a code may send records and fetch its receipts, and read nothing else.') }), form, told.el, made, body);
}
