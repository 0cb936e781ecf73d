/* No page has an accessibility fault that axe-core can see: wide and on a phone, light and dark, with everything that
   folds out opened as well. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { PAGES, startSite } from './site.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
let site;
let page;

before(async () => {
  site = await startSite();
  page = await site.open();
});
after(() => site?.stop());

async function check(state) {
  const found = await page.evaluate(async (tags) => {
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}\n  ${n.failureSummary}`));
  }, RULES);
  assert.equal(found.length, 0, `${state}\n${found.join('\n')}`);
}

const unfold = () => page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: no faults`, async () => {
    await page.setViewportSize(WIDE);
    await page.goto(site.origin + path);
    await page.evaluate(axe.source);
    await page.emulateMedia({ colorScheme: 'light' });
    await check('light, wide');
    await page.emulateMedia({ colorScheme: 'dark' });
    await check('dark, wide');
    await page.setViewportSize(PHONE);
    await unfold(); /* the menu, the filters and everything else */
    await check('dark, phone');
    await page.emulateMedia({ colorScheme: 'light' });
    await check('light, phone');
  });
}

test('suggestions: no faults', async () => {
  for (const path of ['/', '/fasen']) {
    await page.setViewportSize(WIDE);
    await page.goto(site.origin + path);
    await page.evaluate(axe.source);
    await page.getByRole('combobox').fill('stikstof');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await check(`${path}, ${colorScheme}`);
    }
  }
});
