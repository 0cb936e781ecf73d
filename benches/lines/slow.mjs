/* Clients of a page that blocks leave the others alone. */
import { ITEM, PAIRS, SECONDS, column, how, inTurn, load, median, program, row, spread, startAanjager } from '../lib.mjs';

const LIMIT_MS = 10;
const QUICK = { connections: 48, rate: 192 };
const SLOW = { connections: 16, rate: 0 };

const server = await startAanjager({ binary: program('blocking'), options: { log_level: 1 } });
const beside = (slow) => async () => {
  const [quick, blocked] = await Promise.all([load(server.origin + ITEM, QUICK), load(server.origin + slow, SLOW)]);
  return { ...quick, blocked: blocked.answered };
};
const found = await inTurn({
  alone: () => load(server.origin + ITEM, QUICK),
  sleeping: beside('/traag'),
  querying: beside('/traag-database'),
});
const alone = spread(column(found.alone, 'p99'), ' ms');
for (const [name, results, what] of [
  ['16 slow clients: p99 of the item page', found.sleeping, '16 clients in a closed loop on a page that blocks its thread for 100 ms'],
  ['16 slow queries: p99 of the item page', found.querying, 'the same page holding a database connection for 100 ms'],
]) {
  const p99 = column(results, 'p99');
  row({
    name,
    asked: `< ${LIMIT_MS} ms`,
    measured: `${spread(p99, ' ms')}, p50 ${spread(column(results, 'p50'), ' ms')}`,
    reference: `without them ${alone}`,
    ratio: median(p99) / LIMIT_MS,
    met: median(p99) < LIMIT_MS,
    method: how(
      what,
      `item page by 48 clients at 4/s each (open loop), ${SECONDS} s, median of ${PAIRS}`,
      `${Math.round(median(column(results, 'blocked')))} slow answers`,
    ),
  });
}
await server.stop();
process.exit(0);
