/* What a visitor without a cache downloads: every address of the site map and every kind of page. */
import { get } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ITEM, how, note, number, row, startAanjager } from '../lib.mjs';

const LIMIT = 60_000;
const FONT_LIMIT = 45_000;
const KINDS = [
  '/',
  '/kennisbank',
  '/kennisbank?soort=werkwijze&fase=ontwerp',
  '/kennisbank?pagina=2',
  ITEM,
  `${ITEM}/versies`,
  '/zoeken?q=vergunning',
  '/zoeken?q=gemeente+woning&soort=instrument',
  '/sitemap',
  '/over',
  '/stijl',
];
const server = await startAanjager({ options: { log_level: 1 } });
const seen = new Map();

/* One request on a connection of its own: all bytes that came over it. */
function fetchWire(path, accept = 'br, gzip') {
  return new Promise((done, fail) => {
    get(server.origin + path, { agent: false, headers: { 'Accept-Encoding': accept } }, (answer) => {
      const parts = [];
      const socket = answer.socket;
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        if (answer.statusCode !== 200) return fail(new Error(`${path}: ${answer.statusCode}`));
        done({ body, sent: socket.bytesRead, head: socket.bytesRead - body.length, coding: answer.headers['content-encoding'] ?? '' });
      });
    }).on('error', fail);
  });
}

/* Bytes as sent, and as they would be with gzip -6 where the server sends them as they are. */
async function weigh(path) {
  const sent = await fetchWire(path);
  const plain = sent.coding ? (await fetchWire(path, 'identity')).body : sent.body;
  const font = /woff2/.test(path);
  const packed = sent.coding || font ? sent.sent : sent.head + gzipSync(plain, { level: 6 }).length;
  return { text: font ? '' : plain.toString('utf8'), sent: sent.sent, packed, coding: sent.coding, font };
}

const once = async (path) => {
  if (!seen.has(path)) seen.set(path, await weigh(path));
  return seen.get(path);
};
const unescape = (text) => text.replaceAll('&amp;', '&');
const local = (links, base) =>
  links
    .map((link) => new URL(unescape(link), server.origin + base))
    .filter((url) => url.origin === server.origin)
    .map((url) => url.pathname + url.search);

/* What a browser fetches for the page: styles, scripts, icons, images, preloads, and what the styles name. */
async function partsOf(path, text) {
  const tags = text.match(/<(?:link|script|img|source|use)\b[^>]*>/g) ?? [];
  const wanted = tags
    .filter((tag) => !/rel="?(canonical|alternate|next|prev|search)/.test(tag))
    .flatMap((tag) => /\b(?:href|src)="([^"#]+)/.exec(tag)?.[1] ?? []);
  const direct = new Set(local(wanted, path));
  for (const part of [...direct].filter((p) => /\.css/.test(p))) {
    const urls = [...(await once(part)).text.matchAll(/url\(["']?([^"')#]+)["']?\)/g)]
      .map((m) => m[1])
      .filter((u) => !u.startsWith('data:'));
    for (const url of local(urls, part)) direct.add(url);
  }
  return direct;
}

const map = (await weigh('/sitemap.xml')).text;
const addresses = [...map.matchAll(/<loc>([^<]+)/g)].map((m) => new URL(unescape(m[1])).pathname);
const pages = [];
for (const path of new Set([...KINDS, ...addresses])) {
  const page = await weigh(path);
  const parts = await Promise.all([...(await partsOf(path, page.text))].map(once));
  const sum = (field, font) => parts.filter((p) => p.font === font).reduce((total, p) => total + p[field], font ? 0 : page[field]);
  pages.push({
    path,
    sent: sum('sent', false),
    packed: sum('packed', false),
    fonts: sum('sent', true),
    html: page.packed,
    coding: page.coding || 'none',
  });
}
await server.stop();

const worst = (field) => pages.reduce((a, b) => (b[field] > a[field] ? b : a));
const kb = (n) => `${number(n / 1000)} kB`;
const coding = [...new Set(pages.map((p) => p.coding))].join(', ');
for (const page of [...pages].sort((a, b) => b.packed - a.packed).slice(0, 5))
  note(`${page.path}: ${page.sent} sent, ${page.packed} packed, of it HTML ${page.html}`);
const heaviest = worst('sent');
row({
  name: 'heaviest page as sent',
  asked: `<= ${kb(LIMIT)}`,
  measured: `${kb(heaviest.sent)} (${heaviest.path})`,
  ratio: heaviest.sent / LIMIT,
  met: heaviest.sent <= LIMIT,
  method: how(
    `${pages.length} pages (site map and kinds)`,
    'all bytes of answers to Accept-Encoding: br, gzip: HTML, styles, script, icons',
    `codings of the server: ${coding}`,
  ),
});
const packed = worst('packed');
row({
  name: 'heaviest page, where not coded: if gzip -6',
  asked: `<= ${kb(LIMIT)}`,
  measured: `${kb(packed.packed)} (${packed.path})`,
  ratio: packed.packed / LIMIT,
  met: packed.packed <= LIMIT,
  method: 'the same; what the server sends uncoded counted as gzip -6 would make it, as a proxy does',
});
const fonts = worst('fonts');
row({
  name: 'fonts',
  asked: `<= ${kb(FONT_LIMIT)}`,
  measured: kb(fonts.fonts),
  ratio: fonts.fonts / FONT_LIMIT,
  met: fonts.fonts <= FONT_LIMIT,
  method: 'all fonts that the styles name, with their heads, at the page that has most',
});
process.exit(0);
