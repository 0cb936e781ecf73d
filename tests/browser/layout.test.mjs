/* Every page fits every width, down to a narrow phone, which is also a desktop screen at 400 %. Links and buttons are
   large enough to hit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ITEM, PAGES, startSite } from './site.mjs';

const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 900 };
let site;
let page;

before(async () => {
  site = await startSite();
  page = await site.open();
});
after(() => site?.stop());

/* What sticks out on the right, the outermost things only. What scrolls on its own does not count. */
const tooWide = () =>
  page.evaluate(() => {
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5);
    return [`${root.scrollWidth} > ${root.clientWidth}`, ...out.slice(0, 5).map((e) => `${e.localName}.${e.className}`)];
  });

/* WCAG 2.5.8: at least 24 by 24, or a circle of 24 around its middle that touches no other target or its circle. Links
   in a sentence are excepted. */
const tooSmall = () =>
  page.evaluate(() => {
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
    const inSentence = (e) => {
      if (e.localName !== 'a' || getComputedStyle(e).display !== 'inline') return false;
      const own = e.textContent.trim().length;
      const block = e.closest('p, li, dd, td, th, h1, h2, h3');
      return block && block.textContent.trim().length > own + 3;
    };
    const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter(shown)
      .map((e) => {
        /* A click on the label is a click on its box; an inline link that breaks has its first line as target. */
        const box = (e.closest('label') ?? e).getClientRects()[0];
        return { e, x: box.x + box.width / 2, y: box.y + box.height / 2, w: box.width, h: box.height };
      })
      .filter((t) => t.x > 0 && t.w > 1); /* the skip link waits outside the screen */
    const large = (t) => t.w >= 23.9 && t.h >= 23.9;
    const near = (a, b) => {
      if (large(b)) {
        const dx = Math.max(Math.abs(a.x - b.x) - b.w / 2, 0);
        const dy = Math.max(Math.abs(a.y - b.y) - b.h / 2, 0);
        return Math.hypot(dx, dy) < 12;
      }
      return Math.hypot(a.x - b.x, a.y - b.y) < 24;
    };
    return targets
      .filter((t) => !large(t) && !inSentence(t.e) && targets.some((o) => o !== t && near(t, o)))
      .map((t) => `${t.e.localName} "${t.e.textContent.trim().slice(0, 40)}" ${t.w.toFixed(0)} x ${t.h.toFixed(0)}`);
  });

const unfold = () => page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: fits 320 pixels, targets are large enough`, async () => {
    await page.setViewportSize(WIDE);
    await page.goto(site.origin + path);
    assert.deepEqual(await tooWide(), [], 'wide');
    assert.deepEqual(await tooSmall(), [], 'wide');
    for (const width of [1000, 768, 480]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await tooWide(), [], `${width}`);
    }
    await page.setViewportSize(NARROW);
    assert.deepEqual(await tooWide(), [], 'narrow');
    assert.deepEqual(await tooSmall(), [], 'narrow');
    await unfold();
    assert.deepEqual(await tooWide(), [], 'narrow, unfolded');
    assert.deepEqual(await tooSmall(), [], 'narrow, unfolded');
  });
}

const cutOff = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('main *, header *')]
      .filter((e) => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.checkVisibility() && !e.closest('.aj-hidden, svg'))
      .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
      .map((e) => `${e.localName}.${e.className}`),
  );

/* WCAG 1.4.12. Set by script objects, which the page's rules allow. */
const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-bottom: 2em !important }`;

test('wider spacing between letters, words and lines: nothing is cut off', async () => {
  for (const path of ['/', '/kennisbank', ITEM, '/fasen/voorbereiding']) {
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size);
      await page.goto(site.origin + path);
      await page.evaluate((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [sheet];
      }, SPACING);
      assert.deepEqual(await tooWide(), [], path);
      assert.deepEqual(await cutOff(), [], path);
    }
  }
});

/* A guide is long: what is on the page is named before the steps on a phone and beside the text on a wide screen, with
   the headings of its own text, and each name leads to its place. */
const GUIDE = '/kennisbank/buitenplanse-omgevingsplanactiviteit';

test('a guide says what is on the page, on a phone too', async () => {
  for (const [size, list] of [[NARROW, '.aj-contents-fold'], [WIDE, '.aj-contents']]) {
    await page.setViewportSize(size);
    await page.goto(site.origin + GUIDE);
    assert.deepEqual(await page.getByText('Op deze pagina', { exact: true }).filter({ visible: true }).count(), 1);
    if (list === '.aj-contents-fold') await page.locator(`${list} summary`).press('Enter');
    assert.ok(await page.locator(list).getByRole('link', { name: 'Welke route kiest u?' }).isVisible(), list);
    const lost = await page.evaluate(
      (of) => [...document.querySelectorAll(`${of} a`)].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash), list);
    assert.deepEqual(lost, [], list);
  }
});

test('a guide says its facts near the top of a phone and beside the text of a wide screen', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(site.origin + GUIDE);
  const brief = page.locator('.aj-brief');
  const box = await brief.boundingBox();
  assert.ok(box.y + box.height < 844, 'on the first screen');
  await brief.getByRole('link', { name: 'Alle feiten' }).press('Enter');
  assert.ok(await page.locator('.aj-facts').evaluate((e) => e.getBoundingClientRect().top < innerHeight));
  await page.setViewportSize(WIDE);
  assert.equal(await brief.isVisible(), false);
});

test('the list of what is on the page stays in view on a wide screen', async () => {
  await page.setViewportSize(WIDE);
  await page.goto(`${site.origin}${GUIDE}#deel-grondslag`);
  await page.waitForFunction(() => scrollY > 2000);
  const link = page.locator('.aj-contents').getByRole('link', { name: 'Bronnen' });
  const box = await link.boundingBox();
  assert.ok(box.y > 0 && box.y < WIDE.height, JSON.stringify(box));
  await link.press('Enter');
  assert.ok(await page.locator('#deel-bronnen').evaluate((e) => e.getBoundingClientRect().top < innerHeight));
});

test('what a row of a table is about stays in view while the table scrolls', async () => {
  await page.setViewportSize(NARROW);
  await page.goto(site.origin + GUIDE);
  const box = page.locator('.aj-prose .aj-table').first();
  await box.evaluate((e) => (e.scrollLeft = e.scrollWidth));
  const [cell, table] = await box.evaluate((e) => [e.querySelector('td').getBoundingClientRect().left, e.getBoundingClientRect().left]);
  assert.ok(Math.abs(cell - table) < 1, `${cell} ${table}`);
});

test('a wide table of a guide scrolls by itself, and the page does not', async () => {
  await page.setViewportSize(NARROW);
  await page.goto(site.origin + GUIDE);
  assert.deepEqual(await tooWide(), []);
  const box = page.locator('.aj-prose .aj-table').first();
  assert.ok(await box.evaluate((e) => e.scrollWidth > e.clientWidth));
  await box.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('.aj-prose .aj-table').scrollLeft > 0);
});

/* WCAG 1.4.4: a reader who set the letters of the browser twice as large, on a small laptop. */
test('letters of twice the size: nothing is cut off', async (t) => {
  const large = await startSite({ args: ['--blink-settings=defaultFontSize=32'] });
  t.after(() => large.stop());
  page = await large.open();
  for (const path of ['/', '/kennisbank', ITEM, '/fasen/voorbereiding', `${ITEM}/versies`]) {
    await page.setViewportSize(WIDE);
    await page.goto(large.origin + path);
    assert.equal(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize)), 32);
    assert.deepEqual(await tooWide(), [], path);
    assert.deepEqual(await cutOff(), [], path);
  }
});
