/* A page with its styles and script weighs at most 60 kB when compressed; the fonts together at most 45 kB. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ITEM, startSite } from './site.mjs';

const PAGE_LIMIT = 60_000;
const FONT_LIMIT = 45_000;
const COMPRESSED = /^font\/|woff2/; /* already, in its own format */
let site;
let page;

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

async function weigh(path) {
  page = await site.open();
  const answers = [];
  page.on('response', (r) => answers.push(r));
  await page.goto(site.origin + path, { waitUntil: 'networkidle' });
  const parts = await Promise.all(
    answers.map(async (answer) => {
      const body = await answer.body();
      const type = answer.headers()['content-type'] ?? '';
      const font = COMPRESSED.test(type);
      const headers = JSON.stringify(answer.headers()).length;
      return { url: new URL(answer.url()).pathname, font, bytes: headers + (font ? body.length : gzipSync(body, { level: 6 }).length) };
    }),
  );
  await page.context().close();
  return parts;
}

const sum = (parts) => parts.reduce((total, p) => total + p.bytes, 0);

const GUIDE = '/kennisbank/buitenplanse-omgevingsplanactiviteit'; /* the longest */

for (const [name, path] of [['home', '/'], ['item', ITEM], ['guide', GUIDE], ['library', '/kennisbank']]) {
  test(`${name}: light enough`, async (t) => {
    const parts = await weigh(path);
    const fonts = parts.filter((p) => p.font);
    const others = parts.filter((p) => !p.font);
    t.diagnostic(others.map((p) => `${p.url} ${p.bytes}`).join(', '));
    assert.ok(others.some((p) => p.url.endsWith('.css')) && others.some((p) => p.url.endsWith('.js')), 'styles and script are counted');
    assert.equal(fonts.length, 2, 'both weights, each once');
    assert.ok(sum(others) <= PAGE_LIMIT, `${sum(others)} bytes`);
    assert.ok(sum(fonts) <= FONT_LIMIT, `${sum(fonts)} bytes of fonts`);
  });
}
