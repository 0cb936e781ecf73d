/* The back button undoes a filter, and comes back to the same list from an item. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSite } from './site.mjs';

let site;
let page;

before(async () => {
  site = await startSite();
  page = await site.open();
});
after(() => site?.stop());

const count = () => page.locator('#aantal').textContent();
const untilCount = (text) => page.waitForFunction((t) => document.getElementById('aantal')?.textContent === t, text);

async function filter(name, address) {
  const before = await count();
  await page.getByRole('checkbox', { name }).check();
  await page.waitForURL(`**${address}`);
  await page.waitForFunction((t) => document.getElementById('aantal')?.textContent !== t, before);
  return count();
}

test('back and forward through filters', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  const title = await page.title();
  const all = await count();
  const some = await filter(/^Werkwijze/, '/kennisbank?soort=werkwijze');
  const fewer = await filter(/^Initiatief/, '/kennisbank?soort=werkwijze&fase=initiatief');
  assert.equal(await page.title(), title);
  await page.goBack();
  await untilCount(some);
  assert.ok(await page.getByRole('checkbox', { name: /^Werkwijze/ }).isChecked());
  assert.equal(await page.getByRole('checkbox', { name: /^Initiatief/ }).isChecked(), false);
  await page.goBack();
  await untilCount(all);
  assert.equal(await page.getByRole('checkbox', { name: /^Werkwijze/ }).isChecked(), false);
  assert.equal(new URL(page.url()).search, '');
  assert.equal(await page.title(), title);
  await page.goForward();
  await untilCount(some);
  await page.goForward();
  await untilCount(fewer);
});

test('back from an item to the filtered results', async () => {
  await page.goto(`${site.origin}/zoeken?q=vergunning`);
  const title = await page.title();
  const some = await filter(/^Instrument/, 'soort=instrument');
  const link = page.locator('#resultaten h3 a').first();
  const name = await link.textContent();
  await link.click();
  await page.waitForURL('**/kennisbank/*');
  assert.notEqual(await page.title(), title);
  await page.goBack();
  await untilCount(some);
  assert.equal(await page.title(), title);
  assert.equal(await page.locator('#resultaten h3 a').first().textContent(), name);
  assert.ok(await page.getByRole('checkbox', { name: /^Instrument/ }).isChecked());
  assert.equal(await page.getByRole('combobox').inputValue(), 'vergunning');
});

test('the address of a filtered list gives that list', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  const some = await filter(/^Werkwijze/, '/kennisbank?soort=werkwijze');
  const other = await site.open(new URL(page.url()).pathname + new URL(page.url()).search);
  assert.equal(await other.locator('#aantal').textContent(), some);
  await other.context().close();
});

test('more choices that were opened stay open after a filter', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  await page.locator('#meer-thema > summary').click();
  await filter(/^Grond en kostenverhaal/, '/kennisbank?thema=grond-en-kostenverhaal');
  await page.waitForFunction(() => document.getElementById('meer-thema')?.open);
});
