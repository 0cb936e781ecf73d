/* Pages made anew for each request: with the page cache off. */
import {
  ITEM,
  PAIRS,
  SECONDS,
  column,
  inTurn,
  json,
  folder,
  knows,
  median,
  number,
  how,
  program,
  row,
  settings,
  spread,
  startAanjager,
  wrk,
} from '../lib.mjs';

const LEAST = 4000;
const PAGES = { item: ITEM, phase: '/fasen/voorbereiding', home: '/', 'search with a facet': '/zoeken?q=vergunning+bouw&soort=instrument' };
const options = { page_cache_kb: 0, log_level: 1, requests_per_minute: 0 };
const cache = knows('page_cache_kb') ? 'page_cache_kb=0' : 'no page cache in this version';

/* Within one process, without sockets and without a load generator that takes its part of the cores. */
const data = folder();
const inProcess = async (pages, more) => {
  const seconds = Math.min(SECONDS, 5);
  const words = ['--data', data, ...settings({ ...options, ...more }), '2', String(seconds), ...Object.values(pages)];
  const results = await json(program('render'), words);
  return Object.fromEntries(results.map((result, i) => [Object.keys(pages)[i], result]));
};
/* An item is shown from what was kept of reading it; beside it what it costs to read it each time, as the first visitor
   of a version meets it. */
const READ_EACH_TIME = 'item, read each time';
const made = await inTurn({
  render: async () => ({
    ...(await inProcess(PAGES, {})),
    ...(await inProcess({ [READ_EACH_TIME]: ITEM }, { item_cache_kb: 0 })),
  }),
});
for (const name of [...Object.keys(PAGES), READ_EACH_TIME]) {
  const rates = made.render.map((round) => round[name].rate);
  const cpu = median(made.render.map((round) => round[name].cpu_us));
  row({
    name: `${name}, rendered`,
    asked: name === READ_EACH_TIME ? '' : `>= ${LEAST}/s`,
    measured: spread(rates, '/s'),
    ratio: median(rates) / LEAST,
    met: name === READ_EACH_TIME ? '' : median(rates) >= LEAST,
    method: how(
      `from request bytes to answer bytes in process, 2 threads, ${Math.min(SECONDS, 5)} s, median of ${PAIRS}`,
      `${number(cpu)} us of processor time each, so at most ${number(2e6 / cpu)}/s on two free cores`,
      cache,
      name === READ_EACH_TIME && 'item_cache_kb=0',
    ),
  });
}

const server = await startAanjager({ options });
const found = await inTurn(Object.fromEntries(Object.entries(PAGES).map(([name, path]) => [name, () => wrk(server.origin + path)])), 1);
for (const name of Object.keys(PAGES))
  row({
    name: `${name}, rendered and sent`,
    asked: `>= ${LEAST}/s`,
    measured: spread(column(found[name], 'rate'), '/s'),
    ratio: found[name][0].rate / LEAST,
    met: found[name][0].rate >= LEAST,
    method: `wrk, 2 threads, 32 connections, ${SECONDS} s, on the same cores; log_level 1; ${cache}`,
  });
await server.stop();
process.exit(0);
