/* Codes of an app on a telephone, and an admin who is signed in. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const PASSWORD = 'vier losse groene nijlpaarden';

/* RFC 6238 for the secret as the page shows it. */
export function totp(secret, step = Math.floor(Date.now() / 30_000)) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/* The link that the server printed. */
export async function firstAdminLink(site) {
  for (let i = 0; i < 100; i++) {
    const line = site.output.find((l) => l.includes('/bevestigen/'));
    if (line) return line.trim();
    await sleep(50);
  }
  throw new Error(`no link for the first admin in\n${site.output.join('\n')}`);
}

/* Becomes the first admin on this page, up to the page with the recovery codes; the secret of the app. */
export async function becomeAdmin(page, site) {
  await page.goto(await firstAdminLink(site));
  await page.getByLabel('Naam').fill('Noor de Vries');
  await page.getByLabel('E-mailadres').fill('noor@voorbeeld.nl');
  await page.getByLabel('Nieuw wachtwoord').fill(PASSWORD);
  await page.getByRole('button', { name: 'Maak de beheerder' }).click();
  await page.getByRole('link', { name: 'Stel de tweede stap in' }).click();
  const secret = await page.locator('.aj-scan__secret code').textContent();
  await page.getByLabel('Code uit de app').fill(totp(secret));
  await page.getByRole('button', { name: 'Zet de tweede stap aan' }).click();
  await page.getByRole('heading', { name: 'Bewaar uw herstelcodes' }).waitFor();
  return secret;
}
