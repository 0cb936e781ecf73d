/* node tests/language/check.mjs [FILE...]: reads the texts that visitors see, or only these files, and says what is not B1.
   --figures prints instead how long sentences are. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glossaryWords, readAll, readDocument } from './documents.mjs';
import { checkSentences, figures } from './rules.mjs';
import { lexicon, unknownWords, wordsOf } from './words.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/* Words that are right though no dictionary has them: one a line, after # a comment. */
export async function acceptedWords() {
  const text = await readFile(new URL('words.txt', import.meta.url), 'utf8');
  return text.split('\n').map((line) => line.replace(/#.*/, '').trim()).filter((w) => w !== '');
}

function checkWords(documents, known) {
  const unknown = unknownWords(documents.flatMap((d) => d.texts.flatMap((t) => wordsOf(t.text))), known);
  const ret = [];
  for (const { file, texts } of documents) {
    for (const { field, text } of texts) {
      for (const word of new Set(wordsOf(text).filter((w) => unknown.has(w)))) {
        ret.push({ file, field, what: `onbekend woord "${word}": verbeter het, of zet het in tests/language/words.txt als het klopt` });
      }
    }
  }
  return ret;
}

/* Everything that is wrong with these documents, as lines FILE:FIELD: what. */
export async function check(documents) {
  const known = lexicon([...(await glossaryWords(ROOT)), ...(await acceptedWords())]);
  const found = [...documents.flatMap(checkSentences), ...checkWords(documents, known)];
  return found.map(({ file, field, sentence, what }) => `${file}:${field}: ${sentence ? `${sentence} - ` : ''}${what}`);
}

function printFigures(documents) {
  const sums = new Map();
  for (const d of documents) {
    const kind = d.file.split('/').slice(0, 2).join('/');
    const f = figures(d);
    const sum = sums.get(kind) ?? { texts: 0, sentences: 0, words: 0, long: 0, passive: 0 };
    sum.texts += 1;
    for (const key of Object.keys(f)) sum[key] += f[key];
    sums.set(kind, sum);
  }
  const share = (n, of) => `${((100 * n) / of).toFixed(1)} %`;
  for (const [kind, s] of sums) {
    const average = (s.words / s.sentences).toFixed(1);
    console.log(`${kind}: ${s.texts} texts, ${s.sentences} sentences of ${average} words, ` +
      `${share(s.long, s.sentences)} long, ${share(s.passive, s.sentences)} passive`);
  }
}

async function main(args) {
  const files = args.filter((a) => !a.startsWith('--'));
  const documents = files.length ? await Promise.all(files.map((f) => readDocument(ROOT, resolve(f)))) : await readAll(ROOT);
  if (args.includes('--figures')) return printFigures(documents);
  const found = await check(documents);
  for (const line of found) console.log(line);
  console.log(`${documents.length} teksten, ${found.length} opmerkingen`);
  process.exitCode = found.length ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
