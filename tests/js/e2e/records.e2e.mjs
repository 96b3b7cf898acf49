// Nothing lost, in real browsers with the real server: the page opens without a network, the browser is killed in the middle of a draft and in the
// middle of sending, the server goes away and comes back, and what it stores is what was finished, byte for byte.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firstVisit, holding, Place, sha256, stored } from './place.mjs';
import { Phone } from './profile.mjs';
import { startServer } from './server.mjs';

/** A name that stands nowhere else, so that it can be looked for on the disk. */
const NAME = '青石坡镇第九百小学';

for (const kind of ['chromium', 'firefox']) {
  describe(kind, () => {
    test('from a cold start without a network to the receipt, killed on the way', async () => {
      const place = new Place();
      const phone = new Phone(kind);
      try {
        let screen = await firstVisit(place, phone);
        assert.equal(await screen.page.evaluate(() => location.hash), '', 'the token is gone from the address');
        await screen.close();

        // No server, no network, a browser that has just been started.
        await place.down();
        await phone.kill();
        await phone.start();
        screen = await phone.open(place.url);
        await screen.tap('[data-ruleset="venue"]');
        // Which place was chosen is a preference that a browser killed so early may have lost: then it is asked again.
        await screen.until(() => { document.querySelector('#only-national')?.click(); return document.querySelector('.form .field') !== null; });
        await screen.tap('#more > summary');
        await screen.tap('#sample');
        await screen.shows('.row-title', '第一小学');
        await screen.tap('.row-toggle', '第一小学');
        await screen.type('.row-card input[type=text]', NAME);
        const photo = Buffer.concat([Buffer.from('a sign at the entrance '), Buffer.alloc(400_000, 7)]);
        await screen.file('.evidence input[type=file]:not([capture]), input[type=file]', '标志.txt', 'text/plain', photo);
        await screen.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        await screen.shows('.evidence-row', '标志.txt');
        await screen.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        await phone.kill();

        // The draft is said to be there, and is, with its photo.
        await phone.start();
        screen = await phone.open(place.url);
        await screen.shows('dialog', '上次没有填完');
        await screen.tap('#resume');
        await screen.shows('.row-title', NAME);
        await screen.tap('.evidence-row .evidence-look');
        await screen.until((digits) => document.querySelector('dialog')?.textContent.includes(digits), sha256(photo).slice(7));
        await screen.tap('dialog .close');
        await screen.tap('#finish');
        await screen.tap('#submit-anyway');
        await screen.shows('h1', '已存手机，还没有发出');
        await phone.kill();

        await phone.start();
        screen = await phone.open(place.url);
        await screen.shows('[data-list="waiting"]', '已存手机');
        assert.equal(await screen.count('[data-list="received"]'), 0, 'nothing is received without a server');
        assert.equal(await screen.count('[data-list="drafts"]'), 0);
        assert.deepEqual(holding(phone.profile, NAME), [], 'nothing of it stands on the disk in clear');

        // The server is back; the page is killed as soon as it begins to send.
        await place.up();
        await screen.tap('#send-now');
        await phone.kill();
        await phone.start();
        screen = await phone.open(place.url);
        await screen.shows('[data-list="received"]', '已签收 1 份');
        assert.equal(await screen.page.evaluate(() => document.querySelector('[data-list="received"] li').checkVisibility()), false, 'what is done is folded');
        await screen.tap('#received-line');
        await screen.shows('[data-list="received"] li', '编号 ');
        await screen.shows('[data-list="received"]', '不连续是正常的');
        assert.equal(await screen.count('[data-list="waiting"]'), 0);

        const digest = await screen.page.evaluate(() => document.querySelector('[data-list="received"] code').textContent);
        const rows = stored(place.data, 'SELECT submission, digest, body FROM revisions');
        assert.equal(rows.length, 1, 'once');
        assert.equal(rows[0][1], digest);
        assert.equal(sha256(rows[0][2]), digest, 'byte for byte');
        const body = JSON.parse(rows[0][2]);
        assert.ok(JSON.stringify(body.entry).includes(NAME));
        assert.ok(body.parts.some((one) => one.digest === sha256(photo)));
        const parts = stored(place.data, 'SELECT digest, bytes FROM parts');
        assert.deepEqual(new Set(parts.map((one) => one[0])), new Set(body.parts.map((one) => one.digest)));
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await place.end();
      }
    });

    test('a first visit that loses its network has its papers, and hears of the receipt after them', async () => {
      const place = new Place();
      const phone = new Phone(kind);
      try {
        const screen = await firstVisit(place, phone);
        await place.down();
        await screen.type('#subject-card input', NAME);
        await screen.tap('#finish');
        await screen.tap('#submit-anyway');
        await screen.shows('h1', '已存手机，还没有发出');
        await screen.tap('#papers-after');
        await screen.shows('.paper', NAME);
        await screen.page.evaluate(() => history.back());
        await screen.shows('h1', '已存手机，还没有发出');
        await place.up();
        await screen.page.evaluate(() => { dispatchEvent(new Event('online')); });
        await screen.shows('h1', '已提交，服务器已签收');
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await place.end();
      }
    });

    test('a form that was never opened opens without a network', async () => {
      const place = new Place();
      const phone = new Phone(kind);
      try {
        await place.up();
        await phone.start();
        let screen = await phone.open(place.url);
        await screen.shows('[data-kept="all"]', '套检查表已存到手机，没网也能用');
        await screen.until(() => navigator.serviceWorker.ready.then((one) => one.active?.state === 'activated'));
        await screen.close();
        await place.down();
        await phone.kill();
        await phone.start();
        screen = await phone.open(place.url);
        await screen.shows('[data-kept="all"]');
        await screen.tap('[data-ruleset="hotel"]');
        // The county is found by its name, too.
        await screen.type('dialog input', '关岭');
        await screen.tap('dialog [data-place="520424"]');
        await screen.shows('.form .field');
        await screen.shows('.context select', '关岭布依族苗族自治县');
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await place.end();
      }
    });

    test('a mistake is corrected at once: both versions are on the server, with the reason', async () => {
      const place = new Place();
      const phone = new Phone(kind);
      try {
        await place.up();
        await phone.start();
        const screen = await phone.open(`${place.url}#device=${await place.server.token('device')}`);
        await screen.tap('[data-ruleset="hotel"]');
        await screen.tap('#only-national');
        await screen.tap('#more > summary');
        await screen.tap('#sample');
        await screen.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        const submit = async () => {
          await screen.tap('#finish');
          await screen.tap('#submit-anyway');
          await screen.shows('h1', '服务器已签收');
          await screen.shows('.finished', '已签收');
        };
        await submit();
        await screen.tap('#correct');
        await screen.tap('#correct-go');
        await screen.shows('dialog .problem', '原因');
        await screen.type('dialog input', '房号写错');
        await screen.tap('#correct-go');
        await screen.shows('.form .field');
        await screen.tap('#more > summary');
        await screen.tap('#clear');
        await screen.tap('dialog .danger');
        await screen.until(() => document.querySelector('#subject-card input').value === '');
        await screen.type('#subject-card input', '青石旅馆');
        await submit();
        const rows = stored(place.data, 'SELECT submission, revision, digest, reason, body FROM revisions ORDER BY revision');
        assert.deepEqual(rows.map((one) => [one[1], one[3]]), [[1, null], [2, '房号写错']]);
        assert.equal(rows[0][0], rows[1][0]);
        for (const row of rows) assert.equal(sha256(row[4]), row[2]);
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await place.end();
      }
    });

    test('two pages, one draft: the second reads, takes over, and the first says so', async () => {
      const server = await startServer();
      const phone = new Phone(kind);
      try {
        await phone.start();
        const first = await phone.open(server.url);
        await first.tap('[data-ruleset="hotel"]');
        await first.tap('#only-national');
        await first.tap('#more > summary');
        await first.tap('#sample');
        await first.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        const second = await phone.open(server.url);
        await second.tap('#resume');
        await second.shows('.saved-bad', '另一个页面');
        assert.ok(await second.page.evaluate(() => document.querySelector('form').inert || document.querySelector('form').hasAttribute('inert')));
        await second.tap('.saved-bad .link');
        await second.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        await first.shows('.saved-bad', '另一个页面');
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await server.stop();
      }
    });

    test('a PIN locks drafts; a wrong one waits; an export opens on another phone', async () => {
      const server = await startServer();
      const [phone, other] = [new Phone(kind), new Phone(kind)];
      try {
        await phone.start();
        let screen = await phone.open(server.url);
        await screen.tap('[data-ruleset="hotel"]');
        await screen.tap('#only-national');
        await screen.tap('#more > summary');
        await screen.tap('#sample');
        await screen.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
        await screen.tap('#to-home');
        await screen.tap('#phone summary');
        await screen.tap('#pin');
        await screen.type('dialog form .pin', '246810');
        await screen.page.evaluate(() => { document.querySelectorAll('dialog .pin')[1].value = '246810'; });
        await screen.tap('#pin-set');
        await screen.shows('#phone', 'PIN：已设置');
        await screen.page.reload();
        await screen.shows('h1', '请输入 PIN');
        assert.equal(await screen.count('[data-draft]'), 0);
        await screen.type('.pin', '000000');
        await screen.tap('#unlock');
        await screen.shows('.problem', 'PIN 不对');
        await screen.type('.pin', '246810');
        await screen.tap('#unlock');
        await screen.shows('[data-draft]');

        // The file, caught before it is saved.
        await screen.page.evaluate(() => {
          const made = URL.createObjectURL;
          URL.createObjectURL = (blob) => {
            void blob.text().then((text) => { globalThis.__file = text; });
            return made.call(URL, blob);
          };
        });
        await screen.tap('#phone summary');
        await screen.tap('#export');
        await screen.type('dialog .pin', 'another word');
        await screen.tap('#pin-go');
        const text = await screen.until(() => globalThis.__file);
        assert.ok(!text.includes('hotel'), 'the file says nothing in clear');

        await other.start();
        const there = await other.open(server.url);
        await there.tap('#phone summary');
        await there.page.evaluate((given) => {
          const click = HTMLInputElement.prototype.click;
          HTMLInputElement.prototype.click = function picked() {
            if (this.type !== 'file') return click.call(this);
            const transfer = new DataTransfer();
            transfer.items.add(new File([given], 'weibao.json', { type: 'application/json' }));
            this.files = transfer.files;
            this.dispatchEvent(new Event('change'));
            return undefined;
          };
        }, text);
        await there.tap('#import');
        await there.type('dialog .pin', 'not that one');
        await there.tap('#pin-go');
        await there.shows('dialog .problem', 'PIN 不对');
        await there.type('dialog .pin', 'another word');
        await there.tap('#pin-go');
        await there.shows('dialog', '导入草稿 1 份');
        await there.shows('[data-draft]');
        assert.deepEqual([...phone.faults, ...other.faults], []);
      } finally {
        await phone.end();
        await other.end();
        await server.stop();
      }
    });
  });
}
