// Puts a device token into use: typed, pasted, or read from a QR code where the browser can. In: a text. Out: a token in the store. Must not know:
// what is sent with it.

import { store } from '../store/index.ts';
import { tokenIn } from '../sync/devices.ts';
import { openDialog } from '../ui/dialog.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { devices, queue } from './keeper.ts';

interface Detector { detect(source: ImageBitmap): Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = new (options: { formats: string[] }) => Detector;

export function deviceDialog(opener: HTMLElement, done: () => void): void {
  openDialog({
    title: say('这台手机的登记', 'Registration of this phone'), opener,
    body: (close) => {
      const id = uid('token');
      const input = h('input', { id, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-hint` });
      const out = h('p', { class: 'problem', role: 'alert' });
      const state = h('p', { class: 'hint', role: 'status' });
      const go = h('button', { type: 'submit', class: 'action', id: 'token-set', text: say('登记', 'Use this token') });
      const same = h('input', { type: 'checkbox', id: `${id}-same` });
      const sameRow = h('p', { hidden: true }, h('label', { class: 'option' }, same, h('span', {}, say('手机里的记录也用它（同一台设备、同一个人换了新令牌）', 'Use it for the records of this phone, too (same device and person, new token)'))));
      void devices.read().then(async (tokens) => {
        state.textContent = tokens.active === '' ? say('还没有登记。不登记也能填写和保存，签收要等登记以后。', 'No token yet. You can fill in and save without one; a receipt needs it.') : say(`已登记，令牌 ${tokens.active.slice(0, 6)}…`, `Present token: ${tokens.active.slice(0, 6)}…`);
        const waiting = await store.disk.look(['outbox'], (at) => at.all('outbox'));
        sameRow.hidden = !waiting.some((one) => one.owner !== '');
      });
      const use = async (text: string): Promise<void> => {
        const token = tokenIn(text);
        if (token === null) return fill(out, say('这不是设备令牌。令牌以 wb_device_ 开头，也可以粘贴整个链接。', 'This is no device token. It begins with wb_device_; the whole link may be pasted, too.'));
        const tokens = await devices.read();
        await devices.add(token, same.checked ? tokens.owners : []);
        void queue.flush();
        close(true);
        done();
      };
      const Reader = (globalThis as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
      const scan = Reader ? h('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'file', id: `${id}-scan` }) : null;
      scan?.addEventListener('change', async () => {
        const file = scan.files?.[0];
        if (!file || !Reader) return;
        const [code] = await createImageBitmap(file).then((image) => new Reader({ formats: ['qr_code'] }).detect(image)).catch(() => []);
        if (code) await use(code.rawValue);
        else fill(out, say('照片里没有认出二维码。', 'No code was found in the photo.'));
      });
      const form = h('form', { novalidate: true },
        h('p', {}, say('请办公室给这台手机发一个二维码：用手机相机扫它会直接打开本页；也可以把令牌或链接粘贴在这里。令牌只能上传，看不到任何记录。', 'Ask the office for a code for this phone: the camera opens this page with it. Or paste the token or the link here. A token can only send; it shows no records.')),
        state, h('label', { for: id }, say('令牌或链接', 'Token or link')), input, h('p', { class: 'hint', id: `${id}-hint` }, 'wb_device_…'),
        scan ? h('p', {}, scan, h('label', { for: `${id}-scan`, class: 'action quiet file-label' }, say('拍二维码', 'Photograph the code'))) : null,
        sameRow, out, h('div', { class: 'row' }, go));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        void use(input.value);
      });
      return form;
    },
  });
}
