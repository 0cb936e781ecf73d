/* Searching, filtering, the menu, items and versions work without JavaScript. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CHANGED_SUMMARY, ITEM, ITEM_TITLE, startSite } from './site.mjs';

let site;
let page;

before(async () => {
  site = await startSite();
  page = await site.open(null, { javaScriptEnabled: false });
});
after(() => site?.stop());

const heading = () => page.getByRole('heading', { level: 1 }).textContent();

test('search by the form', async () => {
  await page.goto(site.origin);
  await page.getByRole('searchbox', { name: /Zoek in/ }).fill('anterieure overeenkomst');
  await page.getByRole('button', { name: 'Zoek', exact: true }).click();
  assert.match(page.url(), /\/zoeken\?q=anterieure(\+|%20)overeenkomst$/);
  await page.locator('#resultaten').getByRole('link', { name: ITEM_TITLE, exact: true }).first().click();
  assert.equal(new URL(page.url()).pathname, ITEM);
  assert.equal(await heading(), ITEM_TITLE);
});

test('filter with the button, and take a filter away', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  const all = await page.locator('#aantal').textContent();
  await page.getByRole('checkbox', { name: /^Kennis/ }).check();
  await page.getByRole('button', { name: 'Toon resultaten' }).click();
  assert.match(page.url(), /\?soort=kennis$/);
  assert.notEqual(await page.locator('#aantal').textContent(), all);
  const types = await page.locator('#resultaten .aj-eyebrow__type').allTextContents();
  assert.ok(types.length > 0 && !types.some((t) => /Werkwijze|Instrument/.test(t)), types.join());
  await page.getByRole('link', { name: /Verwijder filter/ }).click();
  assert.equal(await page.locator('#aantal').textContent(), all);
});

test('the button of the filter stays within reach, and more choices fold out', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  await page.locator('#meer-rol > summary').click();
  await page.getByRole('checkbox', { name: /^Planoloog/ }).check();
  await page.getByRole('button', { name: 'Toon resultaten' }).click();
  assert.match(page.url(), /\?rol=planoloog$/);
  assert.ok(await page.getByRole('checkbox', { name: /^Planoloog/ }).isChecked());
  assert.ok(await page.getByRole('checkbox', { name: /^Planoloog/ }).isVisible());
});

test('pages of results', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  const first = await page.locator('#resultaten h3').first().textContent();
  await page.getByRole('link', { name: 'Volgende' }).click();
  assert.notEqual(await page.locator('#resultaten h3').first().textContent(), first);
  await page.getByRole('link', { name: 'Vorige' }).click();
  assert.equal(await page.locator('#resultaten h3').first().textContent(), first);
});

test('versions: compare two, read the old one, come back', async () => {
  await page.goto(site.origin + ITEM);
  await page.getByText(CHANGED_SUMMARY).waitFor();
  await page.getByRole('link', { name: 'Bekijk alle versies' }).click();
  await page.getByRole('radio', { name: 'Vergelijk van versie 1' }).check();
  await page.getByRole('radio', { name: 'Vergelijk naar versie 2' }).check();
  await page.getByRole('button', { name: 'Vergelijk deze twee' }).click();
  const chosen = new URL(page.url()).searchParams;
  assert.deepEqual([chosen.get('van'), chosen.get('naar')], ['1', '2']);
  assert.match(await page.locator('.aj-diff ins').allTextContents().then((all) => all.join(' ')), /tweede/);
  assert.ok((await page.locator('.aj-diff del').count()) > 0);
  await page.getByRole('link', { name: 'Bekijk alle versies' }).click();
  await page.getByRole('link', { name: 'Versie 1', exact: true }).click();
  await page.getByText('Oude versie.').waitFor();
  assert.equal(await page.getByText(CHANGED_SUMMARY).count(), 0);
  await page.getByRole('link', { name: 'Lees de versie van nu' }).click();
  assert.equal(new URL(page.url()).pathname, ITEM);
});

test('on a phone: the menu and the filters fold out', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${site.origin}/kennisbank`);
  const box = page.getByRole('checkbox', { name: 'Instrument' });
  assert.equal(await box.isVisible(), false);
  await page.locator('summary', { hasText: 'Filters' }).click();
  await box.check();
  await page.getByRole('button', { name: 'Toon resultaten' }).click();
  assert.match(page.url(), /\?soort=instrument$/);
  const link = page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: 'Fasen' });
  assert.equal(await link.isVisible(), false);
  await page.locator('summary', { hasText: 'Menu' }).click();
  await link.click();
  assert.match(page.url(), /\/fasen$/);
});
