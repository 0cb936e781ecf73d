/* Everything works with the keyboard alone, and the focus can always be seen. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ITEM, TERM, startSite } from './site.mjs';

let site;
let page;

before(async () => {
  site = await startSite();
});
beforeEach(async () => {
  page = await site.open();
});
afterEach(() => page?.context().close());
after(() => site?.stop());

/* What has the focus, and whether the reader can see that. */
const stop = () =>
  page.evaluate(() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    /* A wrapped checkbox or the search box may show the ring on what is around it. */
    const ring = (el) => {
      const s = getComputedStyle(el);
      return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || (s.boxShadow !== 'none' && el.matches(':focus-within'));
    };
    const box = e.getBoundingClientRect();
    return {
      name: `${e.localName}${e.id ? `#${e.id}` : ''} ${(e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40)}`,
      ring: ring(e) || ring(e.parentElement),
      seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });

/* Tabs until the focus leaves the page; every stop must be visible, and there must be an end. */
async function walk() {
  const stops = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const at = await stop();
    if (!at) return stops;
    assert.ok(at.ring, `no visible focus on ${at.name}`);
    assert.ok(at.seen, `the focus is out of sight on ${at.name}`);
    stops.push(at.name);
    assert.ok(stops.length < 400, 'the focus never leaves the page');
  }
}

for (const [name, path] of [
  ['home', '/'],
  ['library', '/kennisbank?soort=werkwijze'],
  ['item', ITEM],
  ['versions', `${ITEM}/versies`],
  ['glossary', '/begrippen?q=grond'],
  ['term', TERM],
  ['collection', '/collecties/grond'],
  ['what is missing', '/over/wat-ontbreekt'],
  ['style', '/stijl'],
]) {
  test(`${name}: the focus is seen at every stop and comes out at the end`, async () => {
    await page.goto(site.origin + path);
    const stops = await walk();
    assert.match(stops[0], /Ga naar de inhoud/);
    assert.match(stops.at(-1), /Stijl/);
    const backwards = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('Shift+Tab');
      backwards.push((await stop())?.name);
    }
    assert.ok(backwards.includes(stops.at(-2)), `back from the end: ${backwards}`);
  });
}

test('the skip link goes past the menu', async () => {
  await page.goto(`${site.origin}/fasen`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inhoud');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
});

test('the menu on a phone opens and closes', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${site.origin}/fasen`);
  const link = page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: 'Kennisbank' });
  assert.equal(await link.isVisible(), false);
  await page.locator('summary', { hasText: 'Menu' }).focus();
  await page.keyboard.press('Enter');
  await link.waitFor();
  await page.keyboard.press('Tab');
  assert.equal((await stop()).name, 'a Kennisbank');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await link.waitFor({ state: 'hidden' });
});

test('search: arrows walk the suggestions, Enter opens one', async () => {
  await page.goto(site.origin);
  const box = page.getByRole('combobox', { name: /Zoek in/ });
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await box.focus();
  await page.keyboard.type('anterieure');
  await page.getByRole('option', { name: 'Zoek op “anterieure”' }).waitFor(); /* the list of the whole word */
  const option = page.getByRole('option').first();
  assert.match(await option.textContent(), /Anterieure overeenkomst/);
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await page.getByRole('status').filter({ hasText: /suggestie/ }).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  assert.equal(await option.getAttribute('aria-selected'), 'true');
  assert.equal(await box.getAttribute('aria-activedescendant'), await option.getAttribute('id'));
  await page.keyboard.press('ArrowUp');
  assert.equal(await box.getAttribute('aria-activedescendant'), null);
  await page.keyboard.press('ArrowDown');
  await Promise.all([page.waitForURL(`**${ITEM}`), page.keyboard.press('Enter')]);
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Anterieure overeenkomst');
});

test('search: Escape closes the suggestions and keeps the words; Enter searches', async () => {
  await page.goto(`${site.origin}/fasen`);
  const box = page.getByRole('combobox', { name: /Zoek in/ });
  await box.focus();
  await page.keyboard.type('grond');
  await page.getByRole('option', { name: 'Zoek op “grond”' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('option').first().waitFor({ state: 'detached' });
  assert.equal(await box.inputValue(), 'grond');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await Promise.all([page.waitForURL('**/zoeken?q=grond'), page.keyboard.press('Enter')]);
  assert.match(await page.locator('#aantal').textContent(), /voor grond/);
});

test('filters: Space renews the results, the count and the address, and keeps the focus', async () => {
  await page.goto(`${site.origin}/kennisbank`);
  const before = await page.locator('#aantal').textContent();
  const box = page.getByRole('checkbox', { name: 'Werkwijze' });
  const label = await page.locator('label', { has: box }).textContent();
  const expected = /\d+/.exec(label)[0];
  await box.focus();
  await page.keyboard.press('Space');
  await page.waitForURL('**/kennisbank?soort=werkwijze');
  await page.locator('#aantal').filter({ hasText: new RegExp(`^${expected} `) }).waitFor();
  assert.notEqual(await page.locator('#aantal').textContent(), before);
  await page.getByRole('status').filter({ hasText: expected }).waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.activeElement?.id === 'soort-werkwijze');
  assert.ok(await box.isChecked());
  await page.keyboard.press('Space');
  await page.locator('#aantal').filter({ hasText: before.trim() }).waitFor();
});
