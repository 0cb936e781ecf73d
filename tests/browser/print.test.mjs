/* An item on paper: the text with the addresses of its sources, without what only works on a screen. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

test('the end says version, date, licence and where the page is', async () => {
  const end = await page.evaluate(() => [...document.querySelectorAll('.aj-colophon, .aj-footer')].map((e) => e.innerText).join(' '));
  for (const words of [/versie 2/, /\d+ [a-z]+ 20\d\d/, /CC BY 4\.0/]) assert.match(end, words);
  assert.ok(end.includes(site.origin + ITEM), end);
});

test('on the screen the address of the page is left out: the browser shows it', async () => {
  const screen = await site.open(ITEM);
  assert.equal(await screen.locator('.aj-footer__address').isVisible(), false);
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
  assert.equal(rules.length, 1);
  assert.match(rules[0], /margin: 20mm 18mm 22mm/);
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
