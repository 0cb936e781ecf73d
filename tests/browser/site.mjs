/* Starts Aanjager on a free port with an empty data folder, and Chromium to look at it. Every test file has its own. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/* An item of the starter library that the fixtures give a second version, and one with only the fields that must be. */
export const ITEM = '/kennisbank/anterieure-overeenkomst';
export const ITEM_TITLE = 'Anterieure overeenkomst';
export const SPARSE = '/kennisbank/kale-proef';
/* A term with an abbreviation, other terms in its explanation, and items that use it. */
export const TERM = '/begrippen/buitenplanse-omgevingsplanactiviteit';
export const CHANGED_SUMMARY = 'Deze samenvatting is in de tweede versie veranderd.';

/* Every kind of page, by the name that a failing test shows. */
export const PAGES = {
  home: '/',
  library: '/kennisbank',
  'library, filtered': '/kennisbank?soort=werkwijze&fase=ontwerp',
  'library, second page': '/kennisbank?pagina=2',
  item: ITEM,
  'item with few fields': SPARSE,
  versions: `${ITEM}/versies`,
  'versions of an item with one': `${SPARSE}/versies`,
  comparison: `${ITEM}/vergelijk?van=1&naar=2`,
  'comparison of equal versions': `${ITEM}/vergelijk?van=1&naar=1`,
  'old version': `${ITEM}/versies/1`,
  phases: '/fasen',
  phase: '/fasen/voorbereiding',
  bottlenecks: '/knelpunten',
  bottleneck: '/knelpunten/stikstof',
  roles: '/rollen',
  role: '/rollen/planoloog',
  themes: '/themas',
  theme: '/themas/grond-en-kostenverhaal',
  glossary: '/begrippen',
  'glossary, filtered': '/begrippen?q=grond',
  'glossary, nothing found': '/begrippen?q=qqqxxzzy',
  term: TERM,
  collections: '/collecties',
  collection: '/collecties/van-initiatief-tot-vergunning',
  'term with few words': '/begrippen/vereniging-van-nederlandse-gemeenten',
  about: '/over',
  judging: '/over/beoordeling',
  'what is missing': '/over/wat-ontbreekt',
  accessibility: '/toegankelijkheid',
  privacy: '/privacy',
  api: '/api',
  style: '/stijl',
  'site map': '/sitemap',
  'search results': '/zoeken?q=vergunning',
  'search results, filtered': '/zoeken?q=vergunning&soort=instrument',
  'no results': '/zoeken?q=qqqxxzzy',
  'sign in': '/inloggen',
  join: '/aanmelden',
  'forgotten password': '/wachtwoord-vergeten',
  'code of a mail': '/bevestigen?aanvraag=proef',
  'not found': '/bestaat-niet',
};

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/* Resolves when the server says that it is ready; fails with its output when it stops before. */
function untilReady(child, output) {
  return new Promise((resolve, reject) => {
    const listen = (stream) =>
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        if (line.includes('Aanjager draait')) resolve();
      });
    listen(child.stdout);
    listen(child.stderr);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server stopped with ${code}\n${output.join('\n')}`)));
  });
}

async function importFixtures(binary, data) {
  const folder = join(data, 'fixtures');
  await mkdir(folder);
  await copyFile(join(here, 'fixtures/kale-proef.md'), join(folder, 'kale-proef.md'));
  const name = `${ITEM.split('/').pop()}.md`;
  const item = await readFile(join(here, '../../content/library', name), 'utf8');
  await writeFile(join(folder, name), item.replace(/^summary: .*$/m, `summary: ${CHANGED_SUMMARY}`));
  await run(binary, ['--data', data, 'library', 'import', folder]);
}

/* The new version is found by search: the index follows the store a moment later. */
async function untilIndexed(origin) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await (await fetch(`${origin}/zoeken?q=kale+proef`)).text();
    if (found.includes(`href="${SPARSE}"`)) return;
    if (Date.now() > deadline) throw new Error('the imported item is not found by search');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startServer(publicUrl) {
  const binary = process.env.AANJAGER_BINARY;
  assert.ok(binary, 'set AANJAGER_BINARY to the program to test');
  const data = await mkdtemp(join(tmpdir(), 'aanjager-browser-'));
  const port = await freePort();
  const output = [];
  const origin = `http://127.0.0.1:${port}`;
  const words = ['--data', data, '--port', String(port), ...(publicUrl ? ['--public-url', origin] : []), 'serve'];
  const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
    child.on('error', (error) => resolve(error.message)); /* it never started */
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const code = await exited;
    await rm(data, { recursive: true, force: true });
    assert.equal(code, 0, `the server ended with ${code}\n${output.join('\n')}`);
    const faults = output.filter((line) => /runtime error|Sanitizer/.test(line));
    assert.deepEqual(faults, [], 'what the sanitizers of a check build saw');
  };
  try {
    await untilReady(child, output);
    await importFixtures(binary, data);
    await untilIndexed(origin);
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  return { origin, data, binary, output, stop };
}

/* { origin, data, binary, output, open(path, options), stop() }; data is the server's folder, output what it printed. open gives a page in a context of its
   own. With { browser: false } there is only the server; with { publicUrl: true } it knows its own address; args are
   further words for Chromium. */
export async function startSite({ browser: withBrowser = true, publicUrl = false, args = [] } = {}) {
  const server = await startServer(publicUrl);
  if (!withBrowser) return server;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
  const open = async (path, { width = 1280, height = 900, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    if (path) await page.goto(server.origin + path);
    return page;
  };
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  return { ...server, open, stop };
}
