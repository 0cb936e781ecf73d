/* Accounts as people use them: the first admin by the printed link, the second factor, signing in and out, all of it
   without JavaScript; and the pages behind the door have no fault that axe-core or the validator can see. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { becomeAdmin, PASSWORD, totp } from './people.mjs';
import { startSite } from './site.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PAGES = [
  '/account',
  '/account/gegevens',
  '/account/wachtwoord',
  '/account/adres',
  '/account/tweede-stap',
  '/account/tweede-stap-uit',
  '/account/sessies',
  '/account/verwijderen',
  '/beheer/accounts',
  '/beheer/accounts/1',
  '/beheer/accounts/uitnodigen',
  '/beheer/rechten',
  '/beheer/post',
];
let site;
let page; /* without JavaScript */
let admin; /* the same session, with it */
let secret;
let validator;

before(async () => {
  const { reasons: _, ...config } = JSON.parse(
    await readFile(new URL('./htmlvalidate.json', import.meta.url), 'utf8'),
  );
  validator = new HtmlValidate(new StaticConfigLoader(config));
  site = await startSite();
  page = await site.open(null, { javaScriptEnabled: false });
  secret = await becomeAdmin(page, site);
  admin = await site.open();
  await admin.context().addCookies(await page.context().cookies());
});
after(() => site?.stop());

const heading = (p = page) => p.getByRole('heading', { level: 1 }).textContent();

async function faults(p) {
  await p.evaluate(axe.source);
  return p.evaluate(async (tags) => {
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}\n  ${n.failureSummary}`));
  }, RULES);
}

async function valid(html, path) {
  const report = await validator.validateString(html, path);
  return report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}

test('the recovery codes are shown, and the admin is in', async () => {
  assert.equal(await page.locator('.aj-codes li').count(), 10);
  await page.getByRole('link', { name: 'Ik heb ze bewaard' }).click();
  assert.equal(await heading(), 'Uw account');
  assert.equal(await page.getByText('Stel eerst een tweede stap in.').count(), 0);
});

for (const path of PAGES)
  test(`${path}: valid, no faults, fits on a phone`, async () => {
    const answer = await admin.goto(site.origin + path);
    assert.equal(answer.status(), 200);
    assert.equal(answer.headers()['cache-control'], 'no-store');
    assert.deepEqual(await valid(await answer.text(), path), []);
    for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']]) {
      await admin.setViewportSize({ width, height: 900 });
      await admin.emulateMedia({ colorScheme });
      await admin.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
      assert.deepEqual(await faults(admin), [], `${width}, ${colorScheme}`);
      const over = await admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over} px too wide at ${width}`);
    }
    await admin.setViewportSize({ width: 1280, height: 900 });
  });

test('what a visitor may not see, and a link that is too old: valid, no faults', async () => {
  const visitor = await site.open();
  for (const [path, status] of [['/account', 403], ['/bevestigen/oud', 404]]) {
    const answer = await visitor.goto(site.origin + path);
    assert.equal(answer.status(), status);
    assert.deepEqual(await valid(await answer.text(), path), []);
    assert.deepEqual(await faults(visitor), [], path);
  }
  await visitor.context().close();
});

test('a form with mistakes: a summary that leads to the field, nothing lost, no faults', async () => {
  const visitor = await site.open('/aanmelden');
  await visitor.getByLabel('Naam').fill('Truus Jansen');
  await visitor.getByLabel('E-mailadres').fill('geen adres');
  await visitor.getByRole('button', { name: 'Maak mijn account' }).click();
  assert.equal(await visitor.getByLabel('Naam').inputValue(), 'Truus Jansen');
  assert.match(await visitor.title(), /^Fout: /);
  await visitor.getByRole('link', { name: /Vul uw e-mailadres in/ }).click();
  await visitor.keyboard.type('!');
  assert.match(await visitor.getByLabel('E-mailadres').inputValue(), /!/);
  assert.deepEqual(await faults(visitor), []);
  await visitor.context().close();
  const body = new URLSearchParams({ naam: 'Truus', mailadres: 'geen adres' });
  const headers = { Origin: site.origin };
  const answer = await fetch(`${site.origin}/aanmelden`, { method: 'POST', headers, body });
  assert.equal(answer.status, 400);
  assert.deepEqual(await valid(await answer.text(), '/aanmelden'), []);
});

test('sign in by the keyboard, with the second factor, and out again, without JavaScript', async () => {
  const visitor = await site.open('/beheer/accounts', { javaScriptEnabled: false });
  assert.equal(await heading(visitor), 'Log eerst in');
  await visitor.getByRole('main').getByRole('link', { name: 'Log in' }).focus();
  await visitor.keyboard.press('Enter');
  await visitor.getByLabel('E-mailadres').focus();
  await visitor.keyboard.type('noor@voorbeeld.nl');
  await visitor.keyboard.press('Tab');
  await visitor.keyboard.type(PASSWORD);
  await visitor.keyboard.press('Enter');
  await visitor.waitForURL(/\/inloggen\/code/); /* hashing takes a while, and a key press waits for nothing */
  await visitor.getByRole('heading', { name: 'Bevestig dat u het bent' }).waitFor();
  await visitor.getByLabel('Code uit uw app').fill(totp(secret, Math.floor(Date.now() / 30_000) + 1));
  await visitor.keyboard.press('Enter');
  await visitor.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  assert.equal(new URL(visitor.url()).pathname, '/beheer/accounts');
  await visitor.getByRole('link', { name: /Noor de Vries/ }).first().click();
  await visitor.getByRole('button', { name: 'Log uit' }).click();
  await visitor.getByRole('heading', { name: 'Inloggen', level: 1 }).waitFor();
  await visitor.goto(`${site.origin}/account`);
  assert.equal(await heading(visitor), 'Log eerst in');
  await visitor.context().close();
});

test('the header says who is signed in, and visitors see nothing of it', async () => {
  await admin.goto(site.origin);
  assert.equal(await admin.getByRole('link', { name: 'Uw account: Noor de Vries' }).count(), 1);
  const visitor = await site.open('/');
  assert.equal(await visitor.getByRole('link', { name: 'Inloggen' }).count(), 1);
  assert.equal(await visitor.getByText('Noor').count(), 0);
  assert.deepEqual(await visitor.context().cookies(), [], 'who only reads gets no cookie');
  await visitor.context().close();
});
