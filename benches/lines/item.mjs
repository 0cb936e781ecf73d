/* The item page beside nginx with the same bytes, and a bare libmicrohttpd as the ceiling. */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import {
  ITEM,
  PAIRS,
  SECONDS,
  column,
  costing,
  fetchBytes,
  folder,
  how,
  inTurn,
  load,
  median,
  note,
  ratioOf,
  row,
  spread,
  startAanjager,
  startBare,
  startNginx,
  wrk,
} from '../lib.mjs';

const LEAST = 0.5; /* of nginx */
const OPEN_RATE = 2000;

async function closedLoop(ours, nginx, bare, log) {
  const found = await inTurn({
    ours: () => costing(ours, () => wrk(ours.origin + ITEM)),
    nginx: () => costing(nginx, () => wrk(nginx.origin)),
    bare: () => costing(bare, () => wrk(bare.origin)),
  });
  const method = `wrk, 2 threads, 32 connections, keep-alive, ${SECONDS} s, ${PAIRS} rounds in turn, median of ratios; ${log}`;
  const ratio = ratioOf(found.ours, found.nginx, 'rate');
  const late = ratioOf(found.ours, found.nginx, 'p99');
  row({
    name: 'item page',
    asked: `>= ${LEAST} of nginx`,
    measured: spread(column(found.ours, 'rate'), '/s'),
    reference: `nginx ${spread(column(found.nginx, 'rate'), '/s')}`,
    ratio,
    met: ratio >= LEAST,
    method,
  });
  row({
    name: 'item page, p99',
    asked: '<= nginx',
    measured: spread(column(found.ours, 'p99'), ' ms'),
    reference: `nginx ${spread(column(found.nginx, 'p99'), ' ms')}`,
    ratio: late,
    met: late <= 1,
    method,
  });
  const cost = ratioOf(found.nginx, found.ours, 'cpu_us');
  row({
    name: 'item page, by processor time',
    asked: `>= ${LEAST} of nginx`,
    measured: spread(column(found.ours, 'cpu_us'), ' us'),
    reference: `nginx ${spread(column(found.nginx, 'cpu_us'), ' us')}; bare ${spread(column(found.bare, 'cpu_us'), ' us')}`,
    ratio: cost,
    met: cost >= LEAST,
    method: how(
      'processor time of the server for each request in the same rounds, close to the ratio of rates on a machine with nothing else to do',
      'the rates above flatter whoever has more threads when other programs want the cores',
      log,
    ),
  });
  row({
    name: 'item page, of the ceiling',
    measured: spread(column(found.ours, 'rate'), '/s'),
    reference: `bare libmicrohttpd ${spread(column(found.bare, 'rate'), '/s')}, p99 ${spread(column(found.bare, 'p99'), ' ms')}`,
    ratio: ratioOf(found.ours, found.bare, 'rate'),
    method: `${method}; bare: thread per connection, one answer made once`,
  });
}

async function openLoop(ours, nginx, bare) {
  const at = (url) => () => load(url, { connections: 32, rate: OPEN_RATE });
  const found = await inTurn({ ours: at(ours.origin + ITEM), nginx: at(nginx.origin), bare: at(bare.origin) });
  for (const results of Object.values(found)) if (median(column(results, 'failed')) > 0) note('some requests failed');
  for (const part of ['p50', 'p99'])
    row({
      name: `item page at ${OPEN_RATE}/s, ${part}`,
      measured: spread(column(found.ours, part), ' ms'),
      reference: `nginx ${spread(column(found.nginx, part), ' ms')}; bare ${spread(column(found.bare, part), ' ms')}`,
      ratio: ratioOf(found.ours, found.nginx, part),
      method: `open loop, 32 connections, ${SECONDS} s, ${PAIRS} rounds in turn; access log on in both`,
    });
}

/* log_level 2 writes a line for each request, 1 none; nginx's log is switched likewise. */
for (const [level, accessLog] of [
  [1, false],
  [2, true],
]) {
  const log = openSync(join(folder({ inMemory: true }), 'log'), 'w');
  const ours = await startAanjager({ options: { log_level: level }, log });
  const bytes = await fetchBytes(ours.origin + ITEM);
  const nginx = await startNginx(bytes, { accessLog });
  const bare = await startBare(bytes);
  note(`${bytes.length} bytes, access log ${accessLog ? 'on' : 'off'}`);
  await closedLoop(
    ours,
    nginx,
    bare,
    accessLog ? 'access log on in both (log_level 2), to a file in memory' : 'access log off in both (log_level 1)',
  );
  if (accessLog) await openLoop(ours, nginx, bare);
  for (const server of [ours, nginx, bare]) await server.stop();
}
process.exit(0);
