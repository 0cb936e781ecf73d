/* A page asks nothing of another server, breaks none of its own content rules and says nothing on the console. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PAGES, startSite } from './site.mjs';

let site;
let page;
let requests = [];
let complaints = [];

before(async () => {
  site = await startSite();
  page = await site.open();
  await page.addInitScript(() => {
    window.refused = [];
    document.addEventListener('securitypolicyviolation', (e) => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
  });
  page.on('request', (r) => requests.push(r.url()));
  page.on('requestfailed', (r) => complaints.push(`${r.url()} ${r.failure()?.errorText}`));
  page.on('pageerror', (e) => complaints.push(e.message));
  page.on('console', (m) => {
    /* Chromium reports the 404 of the page itself as a fault; the test asked for it. */
    if (!(m.text().includes('status of 404') && m.location().url === site.origin + PAGES['not found']))
      complaints.push(`${m.type()}: ${m.text()}`);
  });
});
after(() => site?.stop());

async function visit(path, act) {
  requests = [];
  complaints = [];
  const answer = await page.goto(site.origin + path);
  await act?.();
  assert.deepEqual(requests.filter((url) => !url.startsWith(`${site.origin}/`)), [], 'requests elsewhere');
  assert.deepEqual(await page.evaluate(() => window.refused), [], 'content security policy');
  assert.deepEqual(complaints, [], 'console and failed requests');
  return answer;
}

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: only its own server, no complaints`, async () => {
    const answer = await visit(path);
    assert.equal(answer.status(), name === 'not found' ? 404 : 200);
    assert.ok(requests.length >= 3, 'styles and script are fetched');
    const policy = answer.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(await page.locator('[style], style').count(), 0, 'inline style, also after the script ran');
  });
}

test('filtering and suggestions: only their own server, no complaints', async () => {
  await visit('/kennisbank', async () => {
    await page.getByRole('combobox').fill('grond');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Kennis' }).check();
    await page.waitForURL(/soort=kennis/);
    assert.equal(await page.locator('[style], style').count(), 0);
  });
});
