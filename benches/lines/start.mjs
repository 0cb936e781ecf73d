/* First answer after start, resident memory, size of the binary. */
import { statSync } from 'node:fs';
import { BINARY, ITEM, PAIRS, folder, median, note, number, residentKb, row, spread, startAanjager, wrk } from '../lib.mjs';

const STARTS = 5 * PAIRS;
const LIMIT_MS = 300;
const LIMIT_MB = 60;
const PAGES = [ITEM, '/', '/kennisbank', '/fasen/voorbereiding', '/zoeken?q=vergunning'];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function startTimes(data) {
  const times = [];
  for (let i = 0; i < STARTS; i++) {
    const server = await startAanjager({ data, options: { log_level: 1 } });
    times.push(server.ready);
    await server.stop();
  }
  return times;
}

const firsts = [];
let data;
for (let i = 0; i < PAIRS; i++) {
  data = folder();
  const server = await startAanjager({ data, options: { log_level: 1 } });
  firsts.push(server.ready);
  await server.stop();
}
const times = await startTimes(data);
row({
  name: 'first answer after start',
  asked: `<= ${LIMIT_MS} ms`,
  measured: spread(times, ' ms'),
  ratio: median(times) / LIMIT_MS,
  met: median(times) <= LIMIT_MS,
  method: `from the start of the process to the whole item page, starter library loaded before; median of ${STARTS}`,
});
row({
  name: 'first answer, first start',
  measured: spread(firsts, ' ms'),
  method: `the same in an empty folder: loads and indexes the starter library; median of ${PAIRS}`,
});

const server = await startAanjager({ data, options: { log_level: 1 } });
await pause(2000);
const idle = residentKb(server.pid) / 1024;
for (let i = 0; i < 1000; i++) await (await fetch(server.origin + PAGES[i % PAGES.length])).arrayBuffer();
const used = residentKb(server.pid) / 1024;
for (const page of PAGES) await wrk(server.origin + page, { seconds: 2 });
await pause(2000);
const loaded = residentKb(server.pid) / 1024;
await server.stop();
note(`resident ${idle}, ${used}, ${loaded} MB`);
for (const [name, mb, when] of [
  ['resident, idle', idle, '2 s after start'],
  ['resident after 1,000 requests', used, `one after another over ${PAGES.length} kinds of pages`],
])
  row({
    name,
    asked: `<= ${LIMIT_MB} MB`,
    measured: `${number(mb)} MB`,
    ratio: mb / LIMIT_MB,
    met: mb <= LIMIT_MB,
    method: `VmRSS, ${when}`,
  });
row({
  name: 'resident after load',
  measured: `${number(loaded)} MB`,
  method: `VmRSS 2 s after 10 s of wrk with 32 connections over the same pages`,
});
row({
  name: 'binary',
  measured: `${number(statSync(BINARY).size / 1e6)} MB`,
  method: 'the release file with all content in it; libraries apart',
});
process.exit(0);
