/* The description of the API is valid OpenAPI 3.0, and every answer is what the description says. A script of another
   site may read it. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { startSite } from './site.mjs';

let site;
let document;
let ajv;

before(async () => {
  site = await startSite();
  document = await (await fetch(`${site.origin}/api/v1/openapi.json`)).json();
  ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addSchema(document, 'api');
});
after(() => site?.stop());

/* Parameters of the path, by the address of the operation. */
const VALUES = {
  '/items': { slug: 'anterieure-overeenkomst', nummer: 1 },
  '/phases': { slug: 'voorbereiding' },
  '/bottlenecks': { slug: 'stikstof' },
  '/themes': { slug: 'grond-en-kostenverhaal' },
  '/actors': { slug: 'planoloog' },
  '/glossary-terms': { slug: 'bestemmingsplan' },
  '/collections': { slug: 'stikstof' },
  '/organisations': { slug: 'gemeente-groningen' },
};
const pointer = (...keys) => `api#/${keys.map((k) => encodeURIComponent(k.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

function addressOf(path) {
  const values = VALUES[`/${path.split('/')[1]}`] ?? {};
  return `/api/v1${path === '/' ? '' : path}`.replaceAll(/{(\w+)}/g, (_, name) => values[name] ?? assert.fail(`${path}: no value for ${name}`));
}

/* What is not in the schema is a fault as well: then the description lacks it. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, closed(v)]));
  if (copy.type === 'object' && copy.properties) copy.additionalProperties = false;
  return copy;
}

test('the description is valid OpenAPI 3.0', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.match(document.openapi, /^3\.0\.\d+$/);
});

test('every reference in the description leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((m) => m[1]);
  assert.ok(references.length > 50);
  for (const reference of references) {
    const there = reference.split('/').reduce((v, key) => v?.[key], document);
    assert.ok(there, reference);
  }
});

test('every answer is as the description says, and has nothing more', async () => {
  const strict = new Ajv({ strict: false, allErrors: true });
  addFormats(strict);
  strict.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  strict.addSchema(closed(document), 'api');
  for (const path of Object.keys(document.paths)) {
    const address = addressOf(path);
    const answer = await fetch(site.origin + address);
    assert.equal(answer.status, 200, address);
    const validate = strict.getSchema(pointer('paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema'));
    assert.ok(validate(await answer.json()), `${address}: ${JSON.stringify(validate.errors?.slice(0, 3), null, 1)}`);
    for (const header of Object.keys(document.paths[path].get.responses[200].headers)) assert.ok(answer.headers.get(header), `${address}: ${header}`);
  }
});

test('every item of the library is as the description says', async () => {
  const validate = ajv.getSchema(pointer('components', 'schemas', 'Item'));
  let seen = 0;
  for (let next = `${site.origin}/api/v1/items?aantal=100`; next; ) {
    const answer = await fetch(next);
    for (const { self } of (await answer.json()).results) {
      const item = await (await fetch(site.origin + self)).json();
      assert.ok(validate(item), `${self}: ${JSON.stringify(validate.errors?.slice(0, 3), null, 1)}`);
      seen += 1;
    }
    const link = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link'));
    next = link && new URL(link[1], site.origin).href;
  }
  assert.ok(seen >= 125, `${seen}`);
});

test('failures are problems as the description says', async () => {
  const validate = ajv.getSchema(pointer('components', 'schemas', 'Problem'));
  for (const [address, status, headers] of [
    ['/api/v1/items?pagina=nul', 400],
    ['/api/v1/items/bestaat-niet', 404],
    ['/api/v1/bestaat-niet', 404],
    ['/api/v1/items', 406, { Accept: 'text/html' }],
  ]) {
    const answer = await fetch(site.origin + address, { headers });
    assert.equal(answer.status, status, address);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.ok(validate(await answer.json()), address);
    assert.ok(document.components.responses[`Problem${status}`], 'the status is described');
  }
});

test('versions come in pages', async () => {
  const answer = await fetch(`${site.origin}/api/v1/items/anterieure-overeenkomst/versions?aantal=1`);
  assert.equal((await answer.json()).total, 2, 'the fixture made a second version');
  assert.match(answer.headers.get('link'), /pagina=2>; rel="next"/);
});

/* Over a real connection between two origins, as a browser does it: with a preflight for If-None-Match. */
test('a script of another site may read the API, its tag and its links', async (t) => {
  const other = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>elders</title>'));
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const page = await site.open();
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  const seen = await page.evaluate(async (origin) => {
    const first = await fetch(`${origin}/api/v1/items?aantal=1`);
    const tag = first.headers.get('etag');
    const again = await fetch(`${origin}/api/v1/items?aantal=1`, { headers: { 'If-None-Match': tag }, cache: 'no-store' });
    const failed = await fetch(`${origin}/api/v1/items?aantal=0`);
    return {
      total: (await first.json()).total,
      version: first.headers.get('api-version'),
      link: first.headers.get('link'),
      again: again.status,
      problem: (await failed.json()).status,
    };
  }, site.origin);
  assert.ok(seen.total >= 125);
  assert.equal(seen.version, document.info.version);
  assert.match(seen.link, /rel="next"/);
  assert.equal(seen.again, 304);
  assert.equal(seen.problem, 400);
});

test('the page about the API names every address and parameter', async () => {
  const page = await site.open('/api');
  const words = await page.locator('main').evaluate((e) => e.textContent);
  for (const [path, { get }] of Object.entries(document.paths)) {
    assert.ok(words.includes(`GET /api/v1${path === '/' ? '' : path}`), path);
    assert.ok(words.includes(get.summary), get.summary);
    for (const p of get.parameters.filter((one) => one.in === 'query')) assert.ok(words.includes(p.description), p.name);
  }
});

test('the examples on the page about the API work', async () => {
  const page = await site.open('/api');
  const examples = await page.locator('pre').allTextContents();
  assert.ok(examples.length >= 3);
  for (const example of examples) {
    const answer = await fetch(/'(.*)'/.exec(example)[1]);
    assert.equal(answer.status, 200, example);
    assert.ok(JSON.stringify(await answer.json()).length > 20);
  }
});
