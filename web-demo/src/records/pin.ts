// The PIN: asked for when the page opens, set and changed by whoever wants it. In: the vault. Out: screens and dialogs. Must not know: what
// it protects.

import { store } from '../store/index.ts';
import { StoreFault } from '../store/types.ts';
import { pinDelay, SHORTEST_PIN } from '../store/vault.ts';
import { confirmLoss, openDialog } from '../ui/dialog.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { storeFaultWords } from './words.ts';

const field = (id: string): HTMLInputElement => h('input', { id, type: 'password', inputmode: 'numeric', autocomplete: 'off', class: 'pin', 'aria-describedby': `${id}-hint` });

/** The screen before all others while the PIN is missing. `onOpen` when it is right; `forget` when everything that it protects was given up. */
export function pinScreen(onOpen: () => void, forget: () => Promise<void>): HTMLElement {
  const id = uid('pin');
  const input = field(id);
  const out = h('p', { class: 'problem', role: 'alert' });
  const go = h('button', { type: 'submit', class: 'action', id: 'unlock', text: bi('打开', 'Open') });
  const lost = h('button', { type: 'button', class: 'link', text: bi('忘了 PIN', 'Forgot the PIN') });
  const form = h('form', { class: 'pin-form', novalidate: true },
    h('label', { for: id, text: bi('PIN', 'PIN') }), input,
    h('p', { class: 'hint', id: `${id}-hint`, text: bi('这台手机上的草稿和照片用它加密。', 'It encrypts the drafts and photos on this phone.') }), out,
    h('div', { class: 'row' }, go, lost));
  /** The wait is counted while this screen is open, so that neither a new page nor a changed clock shortens it. */
  const pause = async (): Promise<void> => {
    const failures = await store.vault.failures();
    for (let left = pinDelay(failures); left > 0; left -= 1) {
      go.disabled = true;
      out.textContent = say(`输错 ${failures} 次，请等 ${left} 秒。`, `Wrong ${failures} times: wait ${left} seconds.`);
      await new Promise((done) => setTimeout(done, 1_000));
    }
    if (go.disabled) out.textContent = '';
    go.disabled = false;
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (go.disabled || input.value === '') return;
    go.disabled = true;
    out.textContent = '';
    try {
      await store.vault.unlock(input.value);
      return onOpen();
    } catch (error) {
      input.value = '';
      out.textContent = storeFaultWords(error instanceof StoreFault ? error.code : 'unavailable');
    }
    go.disabled = false;
    await pause();
    input.focus();
  });
  lost.addEventListener('click', async () => {
    const words = say('忘了 PIN，就打不开这台手机上的草稿和还没发出的照片：它们会被清除，找不回来。已签收的在服务器上，不受影响；已完成而未发出的正文会继续发送。', 'Without the PIN, the drafts and unsent photos on this phone cannot be opened: they are removed for good. What was received is safe on the server, and finished texts that wait are still sent.');
    if (await confirmLoss(words, say('清除草稿，重新开始', 'Remove the drafts and begin anew'), lost)) await forget();
  });
  void pause();
  return h('main', { class: 'start', id: 'main' }, h('h1', { tabindex: -1, text: bi('请输入 PIN', 'Enter the PIN') }), form);
}

/** Gives up what the forgotten PIN protects: drafts, photos, and finished texts that were not sealed to the server yet. */
export async function forgetPin(): Promise<void> {
  await store.vault.replace(async (at) => {
    for (const one of await at.all('drafts')) at.remove('drafts', one.id);
    for (const one of await at.all('files')) {
      at.remove('files', one.digest);
      at.remove('bytes', one.digest);
    }
    for (const one of await at.all('bodies')) {
      if (one.form !== 'kept') continue;
      at.remove('bodies', one.key);
      at.remove('outbox', one.key);
    }
  });
}

/** Sets, changes or removes the PIN. */
export function pinDialog(opener: HTMLElement, done: () => void): void {
  openDialog({
    title: store.vault.hasPin ? say('修改 PIN', 'Change the PIN') : say('设置 PIN', 'Set a PIN'), opener,
    body: (close) => {
      const [one, two] = [uid('pin'), uid('pin')];
      const [first, second] = [field(one), field(two)];
      const out = h('p', { class: 'problem', role: 'alert' });
      const go = h('button', { type: 'submit', class: 'action', id: 'pin-set', text: say('设置', 'Set') });
      const off = store.vault.hasPin ? h('button', { type: 'button', class: 'link', text: say('不再用 PIN', 'Use no PIN') }) : null;
      const put = async (pin: string | null): Promise<void> => {
        go.disabled = true;
        try {
          await store.vault.setPin(pin);
          close(true);
          done();
        } catch (error) {
          out.textContent = storeFaultWords(error instanceof StoreFault ? error.code : 'unavailable');
          go.disabled = false;
        }
      };
      const form = h('form', { class: 'pin-form', novalidate: true },
        h('ul', { class: 'hint' },
          h('li', {}, say('有 PIN：手机丢了，别人打不开这里的草稿和照片。每次打开本页要输一次。', 'With a PIN: whoever finds the phone cannot open the drafts and photos. It is asked for each time the page opens.')),
          h('li', {}, say('没有 PIN：能解锁这台手机的人，就能打开草稿。', 'Without: whoever can unlock the phone can open the drafts.')),
          h('li', {}, say('忘了 PIN：没发出的草稿就没有了，谁也找不回来；已签收的不受影响。', 'If you forget it, unsent drafts are gone; nobody can bring them back. What was received is safe.')),
          h('li', {}, say('浏览器的存储不是保险箱：PIN 越长越好，六位数字挡不住有设备、有时间的人。', 'A browser\'s storage is no safe: the longer the PIN the better; six digits do not stop somebody with equipment and time.'))),
        h('label', { for: one }, say(`新 PIN（至少 ${SHORTEST_PIN} 位，数字或字母）`, `New PIN (${SHORTEST_PIN} or more digits or letters)`)), first,
        h('label', { for: two }, say('再输一次', 'Once more')), second, out, h('div', { class: 'row' }, go, off));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        if (first.value.length < SHORTEST_PIN) out.textContent = say(`PIN 至少 ${SHORTEST_PIN} 位。`, `A PIN has at least ${SHORTEST_PIN} characters.`);
        else if (first.value !== second.value) out.textContent = say('两次输入的不一样。', 'The two are not the same.');
        else void put(first.value);
      });
      off?.addEventListener('click', () => void put(null));
      return form;
    },
  });
}

/** A PIN for one use, such as an export file. Null where the dialog was closed. */
export function askPin(title: string, words: string, opener: HTMLElement, check: (pin: string) => Promise<string | null>): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      title, opener,
      body: (close) => {
        const id = uid('pin');
        const input = field(id);
        const out = h('p', { class: 'problem', role: 'alert' });
        const go = h('button', { type: 'submit', class: 'action', id: 'pin-go', text: say('继续', 'Go on') });
        const form = h('form', { class: 'pin-form', novalidate: true }, h('p', {}, words), h('label', { for: id }, say('密码（至少 6 位）', 'Password (6 or more)')), input, out, h('div', { class: 'row' }, go));
        form.addEventListener('submit', async (event) => {
          event.preventDefault();
          if (input.value.length < SHORTEST_PIN) return fill(out, say(`至少 ${SHORTEST_PIN} 位。`, `At least ${SHORTEST_PIN} characters.`));
          go.disabled = true;
          const problem = await check(input.value);
          go.disabled = false;
          if (problem !== null) return fill(out, icon('problem'), ` ${problem}`);
          answer = true;
          close(true);
        });
        return form;
      },
    });
    document.querySelector('dialog:last-of-type')?.addEventListener('close', () => resolve(answer));
  });
}
