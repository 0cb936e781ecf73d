/* Finds words that are no Dutch: unknown to hunspell and its compounds, to the glossary and to the list of accepted words.

   A compound is known to hunspell when its Dutch dictionary lets the parts join. Beyond that, only a compound with a word of
   ours in it is taken apart: splitting all unknown words freely would let one in sixteen typing errors through (rechtstreks is
   recht + streks to nobody but a splitter). */
import { spawnSync } from 'node:child_process';

const SHORTEST_PART = 4;
const LINKS = ['', 's', 'e', 'n', 'en'];

const small = (word) => word[0].toLowerCase() + word.slice(1);

/* Those of the words that hunspell does not know. One process for all, for starting it costs the most. */
function misspelled(words) {
  const run = spawnSync('hunspell', ['-d', 'nl_NL', '-i', 'utf-8', '-l'], {
    input: [...words].join('\n'),
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error || run.status !== 0) throw new Error(`hunspell werkt niet: ${run.error?.message ?? run.stderr}`);
  return new Set(run.stdout.split('\n'));
}

/* The words of a text, without addresses, references and what else holds a digit. A full stop at the end is dropped, but not
   that of an abbreviation (m.e.r.). */
export function wordsOf(text) {
  const plain = text
    .replace(/\]\([^)]*\)/g, ' ')
    .replace(/https?:\S+|\S+\.(?:nl|nu|eu|com|org)\b\S*|(?<=^|\s)\/\S+|ECLI:\S+|`[^`]*`/g, ' ')
    .replace(/’/g, "'");
  const ret = [];
  for (const [token] of plain.matchAll(/'?[\p{L}\p{N}][\p{L}\p{M}\p{N}'.-]*/gu)) {
    if (/\p{N}/u.test(token)) continue;
    const dotted = /^\p{L}+(?:\.\p{L}+)+\.?$/u.test(token);
    ret.push(dotted ? token.replace(/\.?$/, '.') : token.replace(/[.']+$/, '').replace(/^'(?!s)/, ''));
  }
  return ret.filter((w) => /\p{L}/u.test(w));
}

/* known: all words of the names, as they are written and, when they begin with a small letter, also with a capital. ours: the
   names of one word, which may be part of a compound. */
export function lexicon(names) {
  const ret = { known: new Set(), ours: new Set() };
  for (const name of names) {
    for (const word of [name, ...wordsOf(name)]) {
      ret.known.add(word);
      ret.known.add(word[0].toUpperCase() + word.slice(1));
    }
    if (!name.includes(' ')) ret.ours.add(name);
  }
  return ret;
}

/* What is left of a word when a word of ours is taken off its front or its end, for each way to do so. */
function splits(word, ours) {
  const ret = [];
  const lower = small(word);
  for (let i = SHORTEST_PART; i <= lower.length - SHORTEST_PART; i++) {
    const right = lower.slice(i);
    for (const link of LINKS) {
      const front = lower.slice(0, i);
      if (!front.endsWith(link) || i - link.length < SHORTEST_PART) continue;
      const left = front.slice(0, i - link.length);
      if (ours.has(left)) ret.push(right);
      if (ours.has(right)) ret.push(left);
    }
  }
  return ret;
}

/* What must be known for a word to be known: the word, or what its hyphens join. A part may end with a linking s
   (samenwerkings- en realisatieovereenkomst). */
function parts(word) {
  return word.includes('-') ? word.split('-').filter((p) => p !== '') : [word];
}

/* Those of the words that are unknown. A capital is no fault: it may begin a sentence (Januari). */
export function unknownWords(words, { known, ours }) {
  const doubtful = new Set([...words].filter((w) => !known.has(w)));
  const strange = [...misspelled(doubtful)].filter((w) => doubtful.has(w));
  const loose = new Set(strange.flatMap(parts).filter((p) => !known.has(p)));
  const rests = new Map([...loose].map((p) => [p, splits(p, ours)]));
  const asked = [...loose].flatMap((p) => [p, small(p), p.replace(/s$/, '')]);
  const bad = misspelled(new Set([...asked, ...[...rests.values()].flat()]));
  const isKnown = (p) => known.has(p) || !bad.has(p);
  const good = (p) => isKnown(p) || isKnown(small(p)) || rests.get(p).some(isKnown);
  const goodFront = (p) => good(p) || (p.endsWith('s') && isKnown(p.slice(0, -1)));
  const isGood = (word) => parts(word).every((p, i, all) => (i < all.length - 1 || word.endsWith('-') ? goodFront(p) : good(p)));
  return new Set(strange.filter((w) => !isGood(w)));
}
