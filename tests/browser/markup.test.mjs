/* Every page as it is served is valid HTML, names itself once, and carries no style or script of its own. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { PAGES, startSite } from './site.mjs';

let site;
let validator;

before(async () => {
  const { reasons, ...config } = JSON.parse(await readFile(new URL('./htmlvalidate.json', import.meta.url), 'utf8'));
  for (const rule of Object.keys(config.rules)) assert.ok(reasons[rule], `say why ${rule} differs`);
  validator = new HtmlValidate(new StaticConfigLoader(config));
  site = await startSite({ browser: false });
});
after(() => site?.stop());

const get = async (path) => (await fetch(site.origin + path)).text();

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: valid, and nothing inline`, async () => {
    const html = await get(path);
    const report = await validator.validateString(html, path);
    const faults = report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
    assert.deepEqual(faults, []);
    assert.equal(html.match(/<h1[\s>]/g)?.length, 1, 'one h1');
    const run = html.replaceAll('<script type="application/ld+json">', ''); /* data, which no browser runs */
    assert.doesNotMatch(run, /<style[\s>]|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:/i);
  });
}

/* Pages that show a choice from another page share its title. */
const VARIANTS = ['library, filtered', 'search results, filtered', 'comparison of equal versions'];

test('titles differ from page to page', async () => {
  const titles = new Map();
  const same = [];
  for (const [name, path] of Object.entries(PAGES).filter(([n]) => !VARIANTS.includes(n))) {
    const title = /<title>([^<]+)<\/title>/.exec(await get(path))?.[1];
    assert.ok(title?.endsWith(' | Aanjager') && title.length > ' | Aanjager'.length, `${name}: ${title}`);
    if (titles.has(title)) same.push(`${titles.get(title)} and ${name}: ${title}`);
    titles.set(title, name);
  }
  assert.deepEqual(same, []);
});

test('no link leads nowhere', async () => {
  const seen = new Map(); /* address -> the page, or null */
  const load = async (path) => {
    if (!seen.has(path)) {
      const answer = await fetch(site.origin + path);
      seen.set(path, answer.ok ? await answer.text() : null);
    }
    return seen.get(path);
  };
  const broken = [];
  for (const [name, path] of Object.entries(PAGES)) {
    const html = await get(path);
    for (const [, raw] of html.matchAll(/<(?:a|link)\s[^>]*href="([^"]*)"/g)) {
      const to = new URL(raw.replaceAll('&amp;', '&'), site.origin + path);
      if (to.origin !== site.origin) continue;
      const target = to.pathname === new URL(path, site.origin).pathname && to.hash ? html : await load(to.pathname + to.search);
      if (target === null || (to.hash && !target.includes(` id="${to.hash.slice(1)}"`))) broken.push(`${name}: ${raw}`);
    }
  }
  assert.ok(seen.size > 150, 'the links were followed');
  assert.deepEqual(broken, []);
});

test('suggestions are valid as a part of a page', async () => {
  const html = await get('/zoeken/suggesties?q=stikstof');
  const report = await validator.validateString(`<!doctype html><html lang="nl"><head><title>x</title></head><body>${html}</body></html>`);
  assert.deepEqual(report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message}`)), []);
  assert.match(html, /role="option"/);
});
