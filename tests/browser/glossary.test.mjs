/* Terms explained in a text: for the pointer, the keyboard, touch, a screen reader, on paper and without JavaScript; and
   the list from A to Z. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { ITEM, TERM, startSite } from './site.mjs';

const run = promisify(execFile);
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

const term = (on = page) => on.locator('.aj-term').first();
const note = (on = page) => on.locator('.aj-note');

/* The sentence of the list at the end of the page to which the link refers. */
const sentenceOf = (link) =>
  link.evaluate((e) => document.getElementById(e.getAttribute('aria-describedby')).textContent);

test('each term is marked once and its sentence stands in the list', async () => {
  await page.goto(site.origin + ITEM);
  const marked = await page.locator('.aj-term').evaluateAll((all) =>
    all.map((e) => [e.getAttribute('href'), document.getElementById(e.getAttribute('aria-describedby'))?.textContent]),
  );
  assert.ok(marked.length > 1);
  assert.equal(new Set(marked.map(([href]) => href)).size, marked.length);
  for (const [href, sentence] of marked) assert.ok(sentence?.endsWith('.'), href);
  assert.equal(await page.locator('#deel-begrippen').count(), 1);
  const names = await page.locator('.aj-glossary dt').allTextContents();
  assert.equal(names.length, marked.length);
  assert.deepEqual(names, [...names].sort(new Intl.Collator('nl', { ignorePunctuation: true }).compare));
  assert.equal(await page.locator(':is(h1, h2, h3, a, code) .aj-term').count(), 0);
});

test('a screen reader hears the word as a link, described by the sentence', async () => {
  await page.goto(site.origin + ITEM);
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  const word = await term().textContent();
  const link = nodes.find((n) => n.role?.value === 'link' && n.name?.value === word && n.description?.value);
  assert.ok(link, `no described link ${word}`);
  assert.equal(link.description.value, await sentenceOf(term()));
});

test('pointer: the note comes, stays while the pointer is on it, and goes', async () => {
  await page.goto(site.origin + ITEM);
  await term().hover();
  await note().waitFor();
  assert.ok((await note().textContent()).includes(await sentenceOf(term())));
  const box = await note().boundingBox();
  await page.mouse.move(box.x + 10, box.y + 10, { steps: 5 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.ok(await note().isVisible());
  assert.ok(box.x >= 0 && box.x + box.width <= 1280);
  await page.mouse.move(1270, 890);
  await note().waitFor({ state: 'hidden' });
});

test('keyboard: the note comes with the focus, Escape closes it, Enter opens the page of the term', async () => {
  await page.goto(site.origin + ITEM);
  await term().focus();
  await note().waitFor();
  await page.keyboard.press('Escape');
  await note().waitFor({ state: 'hidden' });
  assert.ok(await term().evaluate((e) => e === document.activeElement));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await note().waitFor();
  const href = await term().getAttribute('href');
  await Promise.all([page.waitForURL(`**${href}`), page.keyboard.press('Enter')]);
  assert.equal(await page.locator('.aj-eyebrow__type').textContent(), 'Begrip');
});

test('touch: the first tap shows the note, elsewhere closes it, the second tap goes on', async () => {
  const phone = await site.open(ITEM, { width: 390, height: 844, hasTouch: true, isMobile: true });
  await term(phone).tap();
  await note(phone).waitFor();
  assert.equal(new URL(phone.url()).pathname, ITEM);
  const box = await note(phone).boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  await phone.locator('h1').tap();
  await note(phone).waitFor({ state: 'hidden' });
  await term(phone).tap();
  await note(phone).waitFor();
  const href = await term(phone).getAttribute('href');
  await Promise.all([phone.waitForURL(`**${href}`), term(phone).tap()]);
  await phone.context().close();
});

test('without JavaScript: the word is a link and the list explains it', async () => {
  const plain = await site.open(ITEM, { javaScriptEnabled: false });
  assert.equal(await note(plain).count(), 0);
  const sentence = await sentenceOf(term(plain));
  assert.equal(await plain.locator('.aj-glossary dd').first().isVisible(), false);
  await plain.locator('.aj-glossary summary').press('Enter');
  assert.ok(await plain.locator('.aj-glossary dd').first().isVisible());
  await term(plain).click();
  assert.match(new URL(plain.url()).pathname, /^\/begrippen\/[a-z0-9-]+$/);
  assert.equal(await plain.locator('.aj-lead').textContent(), sentence);
  await plain.context().close();
});

/* A guide fills its two pages without the list. */
test('on paper: the list of a short item is printed, an open note is not', async () => {
  for (const [path, printed] of [['/kennisbank/woningsplitsing', true], [ITEM, false]]) {
    await page.emulateMedia({ media: 'screen' });
    await page.goto(site.origin + path);
    await term().focus();
    await note().waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await note().isVisible(), false);
    assert.equal(await page.locator('.aj-glossary dd').first().isVisible(), printed, path);
  }
});

test('A to Z: letters lead to their part; the filter works without JavaScript', async () => {
  const plain = await site.open('/begrippen', { javaScriptEnabled: false });
  await plain.getByRole('navigation', { name: 'Begrippen op letter' }).getByRole('link', { name: 'W', exact: true }).click();
  assert.match(plain.url(), /#letter-w$/);
  assert.ok(await plain.getByRole('heading', { name: 'W', exact: true }).isVisible());
  await plain.getByLabel('Begrip of afkorting').fill('spuk');
  await plain.getByRole('button', { name: 'Toon begrippen' }).click();
  assert.match(plain.url(), /\/begrippen\?q=spuk$/);
  assert.match(await plain.locator('.aj-az__count').textContent(), /^1 begrip met spuk/);
  await plain.getByRole('link', { name: 'Specifieke uitkering (SPUK)' }).click();
  assert.equal(await plain.getByRole('heading', { level: 1 }).textContent(), 'Specifieke uitkering (SPUK)');
  await plain.context().close();
});

test('a term leads to the items that use it', async () => {
  await page.goto(site.origin + TERM);
  await page.getByRole('region', { name: 'Staat in de tekst van' }).getByRole('link').first().click();
  assert.match(new URL(page.url()).pathname, /^\/kennisbank\//);
  assert.ok(/BOPA|buitenplanse omgevingsplanactiviteit/i.test(await page.locator('main').textContent()));
});

/* The command line is another process, as another node would be. */
test('what another process imports is found by its abbreviation within a minute', { timeout: 90_000 }, async () => {
  const folder = join(site.data, 'begrippen');
  await mkdir(folder);
  await writeFile(
    join(folder, 'proefbegrip.yaml'),
    'slug: proefbegrip\nname: anterieure overeenkomst op proef\nabbreviations: [QXZ]\n' +
      'explanation: Een woord van de proef.\nsource:\n  name: Proef\ncertainty: kennis-laag\n',
  );
  await run(site.binary, ['--data', site.data, 'glossary', 'import', folder]);
  const before = Date.now();
  for (;;) {
    const found = await (await fetch(`${site.origin}/zoeken?q=QXZ`)).text();
    if (found.includes('href="/begrippen/proefbegrip"')) break;
    assert.ok(Date.now() - before < 60_000, 'the term is not found');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const list = await (await fetch(`${site.origin}/begrippen?q=QXZ`)).text();
  assert.ok(list.includes('Een woord van de proef.'));
});

/* A synonym by itself finds nothing new in the index: only the exchanged vocabulary does. */
test('its other name works within a minute', { timeout: 90_000 }, async () => {
  const file = join(site.data, 'netcongestie.yaml');
  await run(site.binary, ['--data', site.data, 'glossary', 'export', site.data]);
  const { stdout } = await run('sed', ['s/^name: netcongestie$/&\\nforms: [stroomfilewoord]/', file]);
  await writeFile(file, stdout);
  await run(site.binary, ['--data', site.data, 'glossary', 'import', file]);
  const before = Date.now();
  const item = 'href="/kennisbank/netbewust-ontwerpen"';
  for (;;) {
    const found = await (await fetch(`${site.origin}/zoeken?q=stroomfilewoord`)).text();
    if (found.includes(item)) break;
    assert.ok(Date.now() - before < 60_000, 'the synonym does not work');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
