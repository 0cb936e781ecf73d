/* An item on paper: the text with the addresses of its sources, without what only works on a screen. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ITEM, startSite } from './site.mjs';

let site;
let page;

before(async () => {
  site = await startSite();
  page = await site.open(ITEM, { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
});
after(() => site?.stop());

test('menu, search and links through the site are left out', async () => {
  for (const selector of ['header nav', '[role=search]', '.aj-menu', '.aj-crumbs', '.aj-contents', '.aj-footer__links', '.nl-skip-link'])
    assert.equal(await page.locator(selector).first().isVisible(), false, selector);
});

test('the text, the facts and the colophon are there', async () => {
  for (const name of ['Zo pakt u het aan', 'Bronnen', 'Wettelijke grondslag'])
    assert.ok(await page.getByRole('heading', { name }).isVisible(), name);
  assert.ok(await page.getByText('Helpt bij').isVisible());
  assert.ok(await page.getByText('Laatst nagekeken').isVisible());
});

test('sources show their address', async () => {
  const link = page.locator('.aj-sources a[href^="https://"]').first();
  const href = await link.getAttribute('href');
  const after = await link.evaluate((e) => getComputedStyle(e, '::after').content.replace('attr(href)', e.getAttribute('href')));
  assert.ok(after.includes(href), after);
});

test('dark on white, also when the screen is dark', async () => {
  const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
  const light = (c) => c.match(/[\d.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3;
  assert.ok(light(ink) < 60, ink);
  assert.ok(light(paper) > 250 || /, 0\)$/.test(paper), paper);
});

test('what is folded in on the screen is printed: nothing is cut off', async () => {
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth);
  assert.equal(wide, false);
});
