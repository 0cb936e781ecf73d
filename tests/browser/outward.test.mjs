/* What the site tells other programs: feeds, and the data about each page for search engines and link previews. Read with
   the parsers of the browser, which are not ours. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ITEM, ITEM_TITLE, PAGES, SPARSE, startSite } from './site.mjs';

const ATOM = 'http://www.w3.org/2005/Atom';
const FEEDS = ['/kennisbank/feed.atom', '/themas/grond-en-kostenverhaal/feed.atom'];
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
let site;
let page;

before(async () => {
  site = await startSite({ publicUrl: true });
  page = await site.open('/over');
});
after(() => site?.stop());

const get = async (path) => (await fetch(site.origin + path)).text();

/* The feed as plain objects, by the XML parser of the browser; fails when the text is not well-formed. */
async function parse(path) {
  const answer = await fetch(site.origin + path);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
  return page.evaluate(([text]) => {
    const plain = (e) => ({
      name: e.localName,
      space: e.namespaceURI,
      attributes: Object.fromEntries([...e.attributes].map((a) => [a.name, a.value])),
      children: [...e.children].map(plain),
      text: e.children.length ? '' : e.textContent,
      loose: e.children.length ? [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('').trim() : '',
    });
    const document = new DOMParser().parseFromString(text, 'application/xml');
    const fault = document.querySelector('parsererror');
    if (fault) throw new Error(fault.textContent);
    return plain(document.documentElement);
  }, [await answer.text()]);
}

const all = (e, name) => e.children.filter((k) => k.name === name);
const one = (e, name) => {
  assert.equal(all(e, name).length, 1, `${e.name} has one ${name}`);
  return all(e, name)[0];
};
const link = (e, rel) => all(e, 'link').filter((l) => l.attributes.rel === rel);

/* RFC 4287, 4.1: what a feed and an entry must have, may have once, and may not have. */
const ONCE = ['id', 'title', 'updated', 'published', 'rights', 'subtitle', 'summary', 'content', 'logo', 'icon', 'generator'];
const FEED_PARTS = ['author', 'category', 'contributor', 'generator', 'icon', 'id', 'link', 'logo', 'rights', 'subtitle', 'title', 'updated', 'entry'];
const ENTRY_PARTS = ['author', 'category', 'content', 'contributor', 'id', 'link', 'published', 'rights', 'source', 'summary', 'title', 'updated'];

function checkCommon(e, allowed) {
  assert.equal(e.space, ATOM);
  assert.equal(e.loose, '', 'no text between the elements');
  for (const child of e.children) assert.ok(allowed.includes(child.name) && child.space === ATOM, `${e.name} may not have ${child.name}`);
  for (const name of ['id', 'title', 'updated']) assert.ok(one(e, name).text, `${name} has a value`);
  for (const name of ONCE) assert.ok(all(e, name).length <= 1, `at most one ${name}`);
  assert.match(one(e, 'id').text, /^tag:127\.0\.0\.1,\d{4}-\d\d-\d\d:[a-z/0-9A-Z]+$/);
  for (const name of ['updated', 'published']) for (const date of all(e, name)) assert.match(date.text, RFC3339);
  for (const author of all(e, 'author')) assert.ok(one(author, 'name').text);
  for (const { attributes } of all(e, 'link')) assert.ok(new URL(attributes.href), 'a whole address');
  for (const { attributes } of all(e, 'category')) assert.ok(attributes.term, 'a category has a term');
  const alternates = link(e, 'alternate').map((l) => `${l.attributes.type} ${l.attributes.hreflang}`);
  assert.equal(new Set(alternates).size, alternates.length, 'alternates differ in type or language');
}

for (const path of FEEDS) {
  test(`${path}: keeps the rules of RFC 4287`, async () => {
    const feed = await parse(path);
    assert.equal(feed.name, 'feed');
    assert.equal(feed.attributes['xml:lang'], 'nl');
    checkCommon(feed, FEED_PARTS);
    assert.ok(one(feed, 'author'), 'an author for the entries that name none');
    assert.equal(link(feed, 'self').length, 1);
    assert.equal(link(feed, 'self')[0].attributes.href, site.origin + path);
    assert.match(one(feed, 'rights').text, /CC BY 4\.0/);
    assert.equal(link(feed, 'license')[0].attributes.href, 'https://creativecommons.org/licenses/by/4.0/');
    const entries = all(feed, 'entry');
    assert.ok(entries.length > 5 && entries.length <= 50);
    for (const entry of entries) {
      checkCommon(entry, ENTRY_PARTS);
      assert.equal(link(entry, 'alternate').length, 1);
      assert.equal(one(entry, 'content').attributes.type, 'html');
      assert.ok(one(entry, 'summary').text);
      assert.ok(one(entry, 'rights').text);
      assert.ok(one(entry, 'published').text <= one(entry, 'updated').text);
    }
    const ids = entries.map((e) => one(e, 'id').text);
    assert.equal(new Set(ids).size, ids.length, 'every id is there once');
    const dates = entries.map((e) => one(e, 'updated').text);
    assert.deepEqual(dates, [...dates].sort().reverse(), 'newest first');
    assert.equal(one(feed, 'updated').text, dates[0]);
  });
}

test('the text in a feed is HTML that stands on its own: whole addresses, nothing that runs', async () => {
  const feed = await parse(FEEDS[0]);
  const faults = await page.evaluate(([texts]) =>
    texts.flatMap((text) => {
      const body = new DOMParser().parseFromString(text, 'text/html').body;
      const bad = [...body.querySelectorAll('script, style, iframe, [style], [onclick], [onerror]')].map((e) => e.outerHTML);
      const links = [...body.querySelectorAll('[href], [src]')].map((e) => e.getAttribute('href') ?? e.getAttribute('src'));
      return [...bad, ...links.filter((l) => !/^(https?:\/\/|mailto:|tel:)/.test(l)), ...(body.querySelector('p') ? [] : [text])];
    }), [all(feed, 'entry').map((e) => one(e, 'content').text)]);
  assert.deepEqual(faults, []);
});

test('what changed last comes first', async () => {
  const [first, second] = all(await parse(FEEDS[0]), 'entry');
  assert.deepEqual([first, second].map((e) => new URL(link(e, 'alternate')[0].attributes.href).pathname).sort(), [ITEM, SPARSE].sort());
});

test('a feed reader finds the feed, and asks again without getting it again', async () => {
  for (const [path, feed] of [['/', FEEDS[0]], ['/kennisbank', FEEDS[0]], [ITEM, FEEDS[0]], ['/themas/grond-en-kostenverhaal', FEEDS[1]]]) {
    const visit = await site.open(path);
    const found = visit.locator('link[rel=alternate][type="application/atom+xml"]');
    assert.equal(await found.count(), 1, path);
    assert.equal(await found.getAttribute('href'), feed);
    assert.ok(await found.getAttribute('title'));
    await visit.context().close();
  }
  const theme = await site.open('/themas/grond-en-kostenverhaal');
  assert.equal(await theme.getByRole('link', { name: 'Volg dit thema' }).getAttribute('href'), FEEDS[1]);
  await theme.context().close();
  const answer = await fetch(site.origin + FEEDS[0]);
  for (const [ask, got] of [['if-none-match', 'etag'], ['if-modified-since', 'last-modified']]) {
    const again = await fetch(site.origin + FEEDS[0], { headers: { [ask]: answer.headers.get(got) }, cache: 'no-store' });
    assert.equal(again.status, 304, ask);
    assert.equal(await again.text(), '');
  }
});

/* ---- data about pages ---- */

const schemaOf = (html) => {
  const found = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
  assert.ok(found.length <= 1);
  if (!found.length) return [];
  const data = JSON.parse(found[0][1]);
  assert.equal(data['@context'], 'https://schema.org');
  return data['@graph'];
};

const whole = (url) => {
  assert.ok(url.startsWith(`${site.origin}/`), url);
};

function checkCrumbs(list) {
  list.itemListElement.forEach((crumb, i) => {
    assert.equal(crumb['@type'], 'ListItem');
    assert.equal(crumb.position, i + 1);
    assert.ok(crumb.name);
    if (i < list.itemListElement.length - 1) assert.ok(crumb.item, 'only the last may go without address');
    if (crumb.item) whole(crumb.item);
  });
}

function checkArticle(item) {
  for (const key of ['name', 'headline', 'description', 'datePublished', 'dateModified', 'url']) assert.ok(item[key], key);
  whole(item.url);
  assert.match(item.datePublished, RFC3339);
  assert.match(item.dateModified, RFC3339);
  assert.equal(item.inLanguage, 'nl');
  assert.equal(item.license, 'https://creativecommons.org/licenses/by/4.0/');
  for (const role of ['author', 'publisher']) {
    assert.equal(item[role]['@type'], 'Organization');
    assert.ok(item[role].name);
  }
  assert.equal(item.isPartOf['@type'], 'WebSite');
  assert.equal(item.isPartOf['@id'], `${site.origin}/#website`);
  assert.ok(item.about.length);
  for (const term of item.about) {
    assert.equal(term['@type'], 'DefinedTerm');
    assert.ok(term.name);
    whole(term.url);
  }
}

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: what it says about itself is whole and true`, async () => {
    const html = await get(path);
    const meta = Object.fromEntries([...html.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)].map((m) => [m[1], m[2]]));
    const title = /<title>(.*) \| Aanjager<\/title>/.exec(html)[1];
    const canonical = /<link rel="canonical" href="([^"]+)">/.exec(html)?.[1];
    assert.equal(meta['og:title'], title);
    assert.equal(meta['og:site_name'], 'Aanjager');
    assert.equal(meta['og:locale'], 'nl_NL');
    assert.equal(meta['og:description'], meta.description);
    assert.equal(meta['og:url'], canonical);
    assert.equal(meta['twitter:card'], 'summary');
    if (canonical) whole(canonical);
    const graph = schemaOf(html);
    for (const thing of graph) {
      if (thing['@type'] === 'BreadcrumbList') checkCrumbs(thing);
      else if (thing['@type'] === 'WebSite') assert.equal(path, '/');
      else if (thing['@type'] === 'ItemList') assert.ok(thing.name && thing.itemListElement.length);
      else checkArticle(thing);
    }
    assert.equal(graph.some((t) => t['@type'] === 'BreadcrumbList'), html.includes('aria-label="Kruimelpad"'));
    assert.equal(meta['og:type'], graph.some((t) => t.headline || t['@type'] === 'ItemList') ? 'article' : 'website');
    if (graph.some((t) => t.headline)) assert.match(meta['article:modified_time'], RFC3339);
  });
}

test('an item with steps is a HowTo, and the home page tells how to search', async () => {
  const [item] = schemaOf(await get(ITEM));
  assert.equal(item['@type'], 'HowTo');
  assert.equal(item.headline, ITEM_TITLE);
  assert.ok(item.step.length >= 5);
  assert.deepEqual(item.step.map((s) => s.position), item.step.map((s, i) => i + 1));
  for (const step of item.step) assert.ok(step['@type'] === 'HowToStep' && step.name && step.text);
  const [home] = schemaOf(await get('/'));
  assert.equal(home['@type'], 'WebSite');
  const search = home.potentialAction;
  assert.equal(search['query-input'], 'required name=q');
  const results = await fetch(search.target.urlTemplate.replace('{q}', 'stikstof'));
  assert.equal(results.status, 200);
  assert.match(await results.text(), /stikstof/);
});

test('the browser neither runs nor refuses the data', async () => {
  const visit = await site.open();
  const said = [];
  visit.on('console', (m) => said.push(m.text()));
  visit.on('pageerror', (e) => said.push(e.message));
  await visit.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (e) => globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  });
  for (const path of ['/', ITEM]) {
    await visit.goto(site.origin + path, { waitUntil: 'networkidle' });
    assert.equal(await visit.locator('script[type="application/ld+json"]').count(), 1);
    assert.deepEqual(await visit.evaluate(() => globalThis.violations), []);
  }
  /* The listener does see a violation when there is one. */
  await visit.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.head.append(script);
  });
  assert.equal(await visit.evaluate(() => globalThis.ran), undefined);
  assert.equal((await visit.evaluate(() => globalThis.violations)).length, 1);
  assert.deepEqual(said.filter((s) => !s.includes('inline script')), []);
  await visit.context().close();
});
