// Every screen around the form, for everybody: axe-core, targets for a thumb, nothing that scrolls sideways; in both colour schemes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, thumbs } from './axe.mjs';
import { phone, startBrowser } from './browser.mjs';
import { startOffice } from './office.mjs';
import { tour } from './tour.mjs';

for (const colorScheme of ['light', 'dark']) {
  test(`the screens around the form: ${colorScheme}`, async () => {
    const [office, browser] = await Promise.all([startOffice(), startBrowser()]);
    try {
      const { page, context, close } = await phone(browser, { colorScheme, bypassCSP: true, allow: [/Failed to load resource|ERR_INTERNET/] });
      let seen = 0;
      await tour(office, page, context, async (what) => {
        await axe(page, what);
        await thumbs(page, what);
        seen += 1;
      });
      assert.ok(seen >= 18, `${seen} screens`);
      await close();
    } finally {
      await browser.close();
      await office.stop();
    }
  });
}
