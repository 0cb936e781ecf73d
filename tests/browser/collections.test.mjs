/* Collections without JavaScript, and as files: what the command line refuses, saves and gives back. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startSite } from './site.mjs';

const run = promisify(execFile);
let site;

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

const collections = (...words) => run(site.binary, ['--data', site.data, 'collections', ...words]);
const FILE = (item) =>
  `slug: proefcollectie\ntitle: Proefcollectie\nkind: route\nsummary: Een proef.\nintroduction: Voor de proef.\n` +
  `actors: [jurist]\nsteps:\n  - item: erfpacht\n    why: Hier begint de proef.\n  - item: ${item}\n    why: En dan dit.\n` +
  'licence: CC-BY-4.0\ncertainty: kennis-laag\n';

test('from the home page through a collection to an item and back, without JavaScript', async () => {
  const page = await site.open('/', { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Bekijk alle collecties, per rol en per knelpunt' }).click();
  await page.getByRole('link', { name: 'Van initiatief tot vergunning' }).click();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Van initiatief tot vergunning');
  const steps = page.locator('.aj-steps__item');
  assert.equal(await steps.count(), 10);
  await steps.first().getByRole('link').click();
  assert.equal(new URL(page.url()).pathname, '/kennisbank/intaketafel');
  await page.getByRole('complementary').getByRole('link', { name: 'Van initiatief tot vergunning' }).click();
  assert.equal(new URL(page.url()).pathname, '/collecties/van-initiatief-tot-vergunning');
  await page.context().close();
});

test('each number on the page of what is missing leads to its list, without JavaScript', async () => {
  const page = await site.open('/over/wat-ontbreekt', { javaScriptEnabled: false });
  for (const link of await page.locator('.aj-tally__link').all()) {
    const id = (await link.getAttribute('href')).slice(1);
    const number = Number((await link.locator('.aj-tally__number').textContent()).replace('.', ''));
    const list = page.locator(`section[aria-labelledby="${id}"] .aj-columns a`);
    assert.equal(await list.count(), number, id);
  }
  const folded = page.locator('details.aj-gap').first();
  await folded.locator('summary').click();
  await folded.getByRole('link').first().click();
  assert.match(new URL(page.url()).pathname, /^\/kennisbank\//);
  await page.context().close();
});

test('a step that is not in the library is refused, with its place and its name', async () => {
  const folder = join(site.data, 'collecties-fout');
  await mkdir(folder);
  await writeFile(join(folder, 'proefcollectie.yaml'), FILE('bestaat-niet'));
  await assert.rejects(collections('import', folder), (error) => {
    assert.equal(error.code, 1);
    assert.match(error.stderr, /proefcollectie\.yaml: stap 2: "bestaat-niet" staat niet in de kennisbank/);
    return true;
  });
  assert.equal((await fetch(`${site.origin}/collecties/proefcollectie`)).status, 404);
});

test('what is imported is shown within seconds, and exported as it was', { timeout: 60_000 }, async () => {
  const folder = join(site.data, 'collecties');
  await mkdir(folder);
  const file = join(folder, 'proefcollectie.yaml');
  await writeFile(file, FILE('diwi'));
  assert.match((await collections('check', file)).stdout, /1 bestanden goed, 0 fout/);
  assert.match((await collections('import', file)).stdout, /^1 nieuw/);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const text = await (await fetch(`${site.origin}/collecties/proefcollectie`)).text();
    if (text.includes('Hier begint de proef.')) break;
    assert.ok(Date.now() < deadline, 'the collection is not shown');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const out = join(site.data, 'collecties-uit');
  await collections('export', out);
  assert.equal(await readFile(join(out, 'proefcollectie.yaml'), 'utf8'), FILE('diwi'));
});
