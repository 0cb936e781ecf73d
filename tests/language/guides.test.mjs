/* Every phase and every bottleneck has guides that somebody can work from tomorrow, not only descriptions. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from './check.mjs';

const ENOUGH = 2;
const MINIMUM = { steps: 6, when: 3, when_not: 3, roles: 3, risks: 4, sources: 1 };
const BODY_WORDS = 400;

async function items() {
  const folder = join(ROOT, 'content', 'library');
  const ret = [];
  for (const f of await readdir(folder)) {
    const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(await readFile(join(folder, f), 'utf8'));
    ret.push({ ...parse(head), body });
  }
  return ret;
}

/* A full guide: what it takes, when it fits, who does what in which order, where it goes wrong, and an explanation. */
function isGuide(item) {
  return ['effort', 'cost', 'introduction_time'].every((key) => item[key]) &&
    Object.entries(MINIMUM).every(([key, least]) => (item[key]?.length ?? 0) >= least) &&
    item.body.split(/\s+/).length >= BODY_WORDS;
}

const guides = (await items()).filter(isGuide);

for (const [file, key] of [['phases', 'phases'], ['bottlenecks', 'bottlenecks']]) {
  for (const { code, name } of parse(await readFile(join(ROOT, 'content', 'taxonomy', `${file}.yaml`), 'utf8'))) {
    test(`${file} ${code} (${name}) has at least ${ENOUGH} full guides`, (t) => {
      const slugs = guides.filter((g) => g[key].includes(code)).map((g) => g.slug);
      t.diagnostic(`${slugs.length}: ${slugs.join(' ')}`);
      assert.ok(slugs.length >= ENOUGH, `${slugs.length}: ${slugs.join(' ')}`);
    });
  }
}
