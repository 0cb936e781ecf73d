/* An item on paper: the text with the addresses of its sources, without what only works on a screen. */
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ITEM, PAGES, startSite } from './site.mjs';

let site;
let page;

before(async () => {
  site = await startSite({ publicUrl: true });
  page = await site.open(ITEM, { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
});
after(() => site?.stop());

test('menu, search and links through the site are left out', async () => {
  for (const selector of ['header nav', '[role=search]', '.aj-menu', '.aj-crumbs', '.aj-contents', '.aj-brief', '.aj-item__file', '.aj-footer__links', '.nl-skip-link'])
    assert.equal(await page.locator(selector).first().isVisible(), false, selector);
});

test('the text, the facts and the colophon are there', async () => {
  for (const name of ['Zo pakt u het aan', 'Bronnen', 'Wettelijke grondslag'])
    assert.ok(await page.getByRole('heading', { name }).isVisible(), name);
  assert.ok(await page.locator('.aj-facts').getByText('Helpt bij').isVisible());
  assert.ok(await page.getByText('Laatst gewijzigd').isVisible());
});

test('sources show their address, and a law does so once', async () => {
  const shown = await page.evaluate(() =>
    [...document.querySelectorAll('main a[href^="https://"]')]
      .filter((e) => e.checkVisibility() && getComputedStyle(e, '::after').content.includes(e.getAttribute('href')))
      .map((e) => e.href),
  );
  assert.ok(shown.length > 1);
  assert.equal(new Set(shown).size, shown.length, shown.join(' '));
  const all = await page.locator(':is(.aj-sources, .aj-legal) a[href^="https://"]').evaluateAll((links) => links.map((e) => e.href));
  assert.deepEqual([...new Set(all)].sort(), shown.sort());
});

test('the end says version, date, licence and where the page is', async () => {
  const end = await page.evaluate(() => [...document.querySelectorAll('.aj-colophon, .aj-footer')].map((e) => e.innerText).join(' '));
  for (const words of [/versie 2/, /\d+ [a-z]+ 20\d\d/, /CC BY 4\.0/]) assert.match(end, words);
  assert.ok(end.includes(site.origin + ITEM), end);
});

test('on the screen the address of the page is left out: the browser shows it', async () => {
  const screen = await site.open(ITEM);
  for (const address of ['.aj-footer__address', '.aj-colophon__address'])
    assert.equal(await screen.locator(address).isVisible(), false, address);
  await screen.context().close();
});

test('a page has room at its edges and a number', async () => {
  const rules = await page.evaluate(() => {
    const pages = [];
    const walk = (list) => {
      for (const rule of list) {
        if (rule instanceof CSSPageRule) pages.push(rule.cssText);
        else if (rule.cssRules) walk(rule.cssRules);
      }
    };
    for (const sheet of document.styleSheets) walk(sheet.cssRules);
    return pages;
  });
  assert.equal(rules.length, 2);
  assert.match(rules[0], /margin: 20mm 18mm 22mm/);
  assert.match(rules[1], /@page item \{ margin: 7mm 8\.5mm 9mm/);
  assert.match(rules[0], /counter\(page\) " van " counter\(pages\)/);
});

/* Light grey on white is as bad as white on white: every word of every kind of page can be read. */
for (const name of ['home', 'item', 'phase', 'theme', 'search results', 'versions', 'comparison', 'old version']) {
  test(`${name}: dark on white, also when the screen is dark`, async () => {
    const sheet = await site.open(PAGES[name], { colorScheme: 'dark' });
    await sheet.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const faint = await sheet.evaluate(() => {
      const light = (c) => c.match(/[\d.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3;
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const bad = [];
      while (texts.nextNode()) {
        const e = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !e.checkVisibility() || e.closest('.nl-number-badge, svg')) continue;
        if (light(getComputedStyle(e).color) > 125) bad.push(`${e.className}: ${texts.currentNode.data.trim().slice(0, 40)}`);
      }
      const paper = getComputedStyle(document.body).backgroundColor;
      if (light(paper) < 250 && !/, 0\)$/.test(paper)) bad.push(`paper ${paper}`);
      return bad;
    });
    assert.deepEqual(faint, []);
    await sheet.context().close();
  });
}

test('what belongs together stays on one page', async () => {
  const sheet = await site.open(PAGES.phase);
  await sheet.emulateMedia({ media: 'print' });
  const styles = await sheet.evaluate(() => ({
    results: [...document.querySelectorAll('.aj-results__item')].map((e) => getComputedStyle(e).breakInside),
    headings: [...document.querySelectorAll('h1, h2, h3')].filter((e) => e.checkVisibility()).map((e) => getComputedStyle(e).breakAfter),
    groups: [...document.querySelectorAll('.aj-group')].map((e) => getComputedStyle(e).display), /* a grid breaks anywhere */
    buttons: [...document.querySelectorAll('.utrecht-button, [aria-labelledby=andere]')].filter((e) => e.checkVisibility()).length,
  }));
  assert.ok(styles.results.length > 5 && styles.results.every((s) => s === 'avoid'));
  assert.ok(styles.headings.length > 5 && styles.headings.every((s) => s === 'avoid'));
  assert.deepEqual([...new Set(styles.groups)], ['block']);
  assert.equal(styles.buttons, 0);
  await sheet.context().close();
});

test('what is folded in on the screen is printed: nothing is cut off', async () => {
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth);
  assert.equal(wide, false);
});

/* A full guide lies beside the file one works on: two sheets, or one on both sides, and type that can be read. */
const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), '../../content/library');
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
const SMALLEST = (8.5 * 96) / 72;

const tooSmall = (sheet) =>
  sheet.evaluate((smallest) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const bad = [];
    while (texts.nextNode()) {
      const e = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !e.checkVisibility() || e.closest('.aj-hidden')) continue;
      if (parseFloat(getComputedStyle(e).fontSize) < smallest - 0.01) bad.push(`${e.className}: ${texts.currentNode.data.trim().slice(0, 40)}`);
    }
    return bad;
  }, SMALLEST);

/* All guides, which are the larger files, and the longest of the other items. */
const GUIDE_LENGTH = 6000;
async function longest(others) {
  const names = (await readdir(LIBRARY)).filter((name) => name.endsWith('.md'));
  const sized = await Promise.all(names.map(async (name) => ({ name, size: (await stat(join(LIBRARY, name))).size })));
  const guides = sized.filter(({ size }) => size > GUIDE_LENGTH).length;
  return sized.sort((a, b) => b.size - a.size).slice(0, guides + others).map(({ name }) => name.slice(0, -3));
}

test('a guide prints on two pages, another item on at most two, in type that can be read', async (t) => {
  const sheet = await site.open(undefined, { javaScriptEnabled: false });
  await sheet.emulateMedia({ media: 'print' });
  const long = [];
  let guides = 0;
  for (const slug of await longest(4)) {
    await sheet.goto(`${site.origin}/kennisbank/${slug}`);
    if (await sheet.locator('.aj-item--guide').count()) guides++;
    assert.deepEqual(await tooSmall(sheet), [], slug);
    const count = pagesOf(await sheet.pdf({ preferCSSPageSize: true, format: 'A4' }));
    if (count > 2) long.push(`${slug}: ${count}`);
  }
  t.diagnostic(`${guides} guides`);
  assert.ok(guides >= 40, `${guides} guides`);
  assert.deepEqual(long, []);
  await sheet.context().close();
});

test('a collection prints on two pages, without a last one for the footer', async () => {
  const sheet = await site.open(undefined, { javaScriptEnabled: false });
  const list = await site.open('/collecties');
  const paths = await list.locator('main a[href^="/collecties/"]').evaluateAll((links) => [...new Set(links.map((e) => e.getAttribute('href')))]);
  assert.ok(paths.length > 30, `${paths.length} collections`);
  const long = [];
  for (const path of paths) {
    await sheet.goto(site.origin + path);
    const count = pagesOf(await sheet.pdf({ preferCSSPageSize: true, format: 'A4' }));
    if (count > 2) long.push(`${path}: ${count}`);
  }
  assert.deepEqual(long, []);
  await list.context().close();
  await sheet.context().close();
});
