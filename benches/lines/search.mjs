/* Search, suggestions and the size of the index over 20,000 and 100,000 documents. Words after the name: counts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { folder, how, json, note, number, program, row } from '../lib.mjs';

/* Articles of Dutch acts, one JSON object a line; measured when they are there. */
const TEXTS = process.env.BENCH_TEXTS ?? '../shared/data/texts';
const FILE = join(TEXTS, 'wetten_wonen_2017.jsonl.gz');
const LIMITS = { 20000: { search: 10 }, 100000: { search: 40 } };
const SUGGEST_MS = 5;
const MOST_TIMES = 3;
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20000, 100000];

function textFile() {
  if (!existsSync(FILE)) return null;
  const path = join(folder(), 'texts.tsv');
  const one = (text) => text.split(/\s+/).filter(Boolean).join(' ');
  const lines = gunzipSync(readFileSync(FILE))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  writeFileSync(path, lines.map((d) => `${one(d.title) || d.id}\t${one(d.text)}\n`).join(''));
  return path;
}

function timeRow(name, result, limit, what) {
  row({
    name,
    asked: limit ? `p95 <= ${limit} ms` : '',
    measured: `p95 ${number(result.p95)} ms, p50 ${number(result.p50)}, p99 ${number(result.p99)}`,
    ratio: limit ? result.p95 / limit : '',
    met: limit ? result.p95 <= limit : '',
    method: how(
      `1,000 different queries${result.threads > 1 ? `, ${result.threads} threads` : ''}, ${what}`,
      `processor time p95 ${number(result.cpu_p95)} ms, p50 ${number(result.cpu_p50)}`,
      `${number(result.rate)}/s, ${number(result.hits)} hits on average`,
      `${result.inexact} counted approximately, ${result.relaxed} relaxed, ${result.failed} failed`,
    ),
  });
}

const file = textFile();
const text = file ? 'articles of acts, past their number composed of their own sentences' : "words by Zipf's law from wdutch";
for (const count of counts) {
  const results = await json(program('index'), [String(count), ...(file ? [file] : [])]);
  const of = (what, threads = 1) => results.find((r) => r.what === what && (r.threads ?? 1) === threads);
  for (const result of results) note(JSON.stringify(result));
  const label = `${count.toLocaleString('en')} documents`;
  const words = how(
    'two or three words that occur together in a document',
    '20 hits with snippets',
    'all facets counted exactly up to 10,000 hits',
  );
  const limit = LIMITS[count]?.search;
  timeRow(`search, ${label}`, of('search'), limit, words);
  timeRow(`search with a chosen facet, ${label}`, of('filtered'), limit, `${words}; the chosen facet counted in a question of its own`);
  timeRow(`search on two threads, ${label}`, of('search', 2), '', words);
  timeRow(`suggestions, ${label}`, of('suggest'), SUGGEST_MS, 'the first 2 to 13 letters of them');
  timeRow(`everything, newest first, ${label}`, of('browse'), '', 'no words, half of them with a facet');
  const b = of('build');
  row({
    name: `index against text, ${label}`,
    asked: `<= ${MOST_TIMES} times`,
    measured: `${number(b.index_mb)} MB`,
    reference: `text ${number(b.text_mb)} MB`,
    ratio: b.times_text,
    met: b.times_text <= MOST_TIMES,
    method: `${text}; after the build, which compacts`,
  });
  row({
    name: `indexing, ${label}`,
    measured: `${number(b.words_s)} words/s`,
    method: `${number(b.words)} words in ${number(b.seconds)} s on one thread`,
  });
}
process.exit(0);
