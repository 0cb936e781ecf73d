/* The check of language finds each kind of mistake, and leaves alone what only looks like one. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { acceptedWords, check, ROOT } from './check.mjs';
import { glossaryWords, markdown, readAll, readDocument, template } from './documents.mjs';
import { AVERAGE, checkSentences, figures, isPassive, LONGEST, sentences, spoken, wordCount } from './rules.mjs';
import { lexicon, unknownWords, wordsOf } from './words.mjs';

const document = (...texts) => ({ file: 'proef.md', texts: texts.map((text) => ({ field: 'text', text, kind: 'sentence' })) });
const found = (...texts) => checkSentences(document(...texts)).map((f) => f.what);
/* A sentence of that many words. */
const sentence = (words) => `De ${'plan '.repeat(words - 2)}slaagt.`;
/* Without the accepted words, so that the tests do not depend on them. */
const words = lexicon(await glossaryWords(ROOT));
const unknown = (text) => [...unknownWords(wordsOf(text), words)];

test('a sentence may have 25 words and no more', () => {
  const rest = Array(12).fill('Dat is kort.');
  assert.deepEqual(found(sentence(LONGEST), ...rest), []);
  assert.match(found(sentence(LONGEST + 1), ...rest)[0], /^26 woorden, hooguit 25/);
});

test('a text may be 12 words a sentence on average', () => {
  assert.deepEqual(found(...Array(12).fill(sentence(AVERAGE))), []);
  assert.match(found(...Array(12).fill(sentence(AVERAGE + 1))).join(), /^gemiddeld 13\.0 woorden per zin, hooguit 12/);
});

test('long sentences are rare in a text and absent from a short one', () => {
  const short = (n) => Array(n).fill('Dat is kort.');
  assert.deepEqual(found(sentence(21), sentence(21), ...short(38)), []);
  assert.match(found(sentence(21), sentence(21), sentence(21), ...short(37)).join(), /^3 van de 40 zinnen hebben meer dan 20/);
  assert.match(found(sentence(21)).join(), /^een zin met meer dan 20 woorden in een korte tekst/);
});

for (const [text, advice] of [
  ['De gemeente dient binnen acht weken te besluiten.', 'moet'],
  ['Dit dient te worden gecontroleerd.', 'moet'],
  ['Dat regelt u middels een contract.', 'met'],
  ['Handel conform het beleid.', 'volgens'],
  ['Kosten ten behoeve van het plan.', 'voor'],
  ['Afspraken met betrekking tot de grond.', 'over'],
  ['Indien dat zo is, wacht u.', 'als'],
  ['Er is reeds een besluit.', 'al'],
  ['Het betreft echter een ontwerp.', 'maar'],
  ['Zo vind je de regels.', '"u"'],
  ['Stuur jouw plan op.', '"u"'],
  ['Men vergeet dit vaak.', 'wie'],
  ['Goed overleg is cruciaal.', 'waarom'],
  ['Klik hier voor meer.', 'link'],
  ['Dat is mooi!', 'uitroepteken'],
  ['Het plan – dat is klaar – gaat door.', 'gedachtestreep'],
]) {
  test(`says what to write instead: ${text}`, () => assert.match(found(text).join(), new RegExp(advice)));
}

test('leaves words alone that only look like forbidden ones', () => {
  assert.deepEqual(found(
    'De aanvrager dient een plan in.', 'Die lijst dient om te kiezen.', 'De jeugd telt mee.', 'Een reedsel bestaat niet.',
    'De periode 2024–2026 is voorbij.', 'Het bouwplan ligt klaar.',
  ), []);
});

test('finds that nobody does it', () => {
  for (const s of [
    'De aanvraag wordt door de gemeente getoetst.', 'Kosten die worden verhaald.', 'Het plan kan dan niet vastgesteld worden.',
    'Als het ontwerp wordt uitgevoerd, start de bouw.', 'Of de opdracht moet worden aanbesteed.', 'Een grens wordt overschreden.',
  ]) assert.ok(isPassive(s), s);
  for (const s of [
    'De gemeente toetst de aanvraag.', 'De wachttijd wordt langer.', 'Het wordt een ander besluit.', 'Dat gebied wordt groen.',
    'Hij is getoetst.', 'Het plan is getoetst, en dan wordt het stil.', 'De agenda wordt een rapport dat niemand gebruikt.',
    'Regel wat er gebeurt als het plan kleiner wordt.', 'De woningen worden zo klein dat bewoners vertrekken.',
  ]) assert.ok(!isPassive(s), s);
  const many = [...Array(3).fill('Het plan wordt getoetst.'), ...Array(9).fill('U toetst het plan.')];
  assert.match(found(...many).join(), /3 van de 12 zinnen staan in de lijdende vorm/);
  assert.deepEqual(found(...many.slice(2)), []);
});

test('takes a text apart where sentences end', () => {
  for (const [text, count] of [
    ['Zie art. 3 van de wet. Dan besluit u.', 2],
    ['Dat geldt voor huizen, scholen e.d. Daarna niet.', 1],
    ['Die termijn bindt u. Bepaal ook wat stilte betekent.', 2],
    ["Er zijn risico's. Bespreek ze.", 2],
    ['Het kost € 7.000 per woning. Dat is veel.', 2],
    ['Volgens J. Jansen klopt het. Wij weten het niet.', 2],
    ['Wie beslist? De raad.', 2],
    ['Hij zei: "Dat kan." Toen ging hij.', 2],
    ['Artikel 16.62 regelt dit (nr. 5). 8 weken is de norm.', 2],
  ]) assert.equal(sentences(text).length, count, text);
});

test('counts words as somebody reads them aloud', () => {
  for (const [text, count] of [
    ['De [nota grondbeleid](/kennisbank/nota-grondbeleid) telt.', 4],
    ['Dat loopt door (nog te controleren).', 3],
    ['Dat loopt door (Algemene wet bestuursrecht, artikel 4:15).', 4],
    ['Dat loopt door (ook in de zomer).', 7],
    ['Kies **werk** - of niet.', 4],
  ]) assert.equal(wordCount(spoken(text)), count, text);
});

test('headings, cells and pieces of a list say nothing about the average', () => {
  const blocks = markdown('## Kop van een stuk\n\nEen zin\nop twee regels.\n\n- Een punt.\n- geen zin\n\n| A | B |\n|---|---|\n| cel | nog een |\n');
  assert.deepEqual(blocks.map((b) => [b.kind, b.text]), [
    ['fragment', 'Kop van een stuk'], ['sentence', 'Een zin op twee regels.'], ['sentence', 'Een punt.'], ['sentence', 'geen zin'],
    ['fragment', 'A'], ['fragment', 'B'], ['fragment', 'cel'], ['fragment', 'nog een'],
  ]);
  assert.ok(blocks.every((b) => b.field === 'Kop van een stuk'));
  assert.equal(figures({ texts: blocks }).sentences, 2);
});

test('a template is read without its tags and values', () => {
  const texts = template('<h1>Wat <em>u</em> ziet</h1><p aria-label="Naam">{{#if v.x}}Er zijn {{ v.count }} plannen.{{/if}}</p><script>nee()</script>');
  assert.deepEqual(texts.map((t) => t.text), ['Naam', 'Wat u ziet', 'Er zijn 7 plannen.']);
});

test('finds words that are no Dutch', () => {
  const wrong = ['vergunnning', 'doorlooptjid', 'rechtstreks', 'omgevingplan', 'gemeenegrond', 'BOPPA-procedure', 'bouww-'];
  assert.deepEqual(unknown(`Dit is een ${wrong.join(', een ')} en meer.`), wrong);
});

/* One letter lost, doubled, changed or swapped; the same ones every time. */
function mistype(word, random) {
  const i = 1 + random(word.length - 2);
  const other = 'abcdefghijklmnoprstuvw'[random(22)];
  return [
    word.slice(0, i) + word.slice(i + 1),
    word.slice(0, i) + word[i] + word.slice(i),
    word.slice(0, i) + other + word.slice(i + 1),
    word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2),
  ][random(4)];
}

test('finds nearly every typing error', async (t) => {
  const used = new Set((await readAll(ROOT)).flatMap((d) => d.texts.flatMap((x) => wordsOf(x.text))));
  let seed = 7;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
  };
  const plain = [...used].filter((w) => /^\p{Ll}{6,}$/u.test(w)).sort();
  const wrong = [...new Set(plain.map((w) => mistype(w, random)))].filter((w) => !used.has(w));
  const noticed = unknownWords(wrong, words).size / wrong.length;
  t.diagnostic(`${wrong.length} typing errors, ${(100 * noticed).toFixed(1)} % noticed`);
  assert.ok(wrong.length > 3000);
  assert.ok(noticed > 0.95, `${noticed}`);
});

test('knows compounds, terms, abbreviations and what is no word', () => {
  assert.deepEqual(unknown(
    'Woningbouwopgave, grexberekening, flexpoolregeling, BOPA-procedure, kostenverhaalsregels, middenhuurwoning, m.e.r.; ' +
    'bouw- en samenwerkings- of Kostenverhaalsgebied. Zie https://wetten.overheid.nl/BWBR0037885, [tekst](/kennisbank/xqzt), ' +
    'gebiedsontwikkeling.nu, ECLI:NL:RVS:2024:1397 en C017 over foto’s in ’s-Hertogenbosch.',
  ), []);
});

test('the list of accepted words holds no word that is known without it', async () => {
  const accepted = await acceptedWords();
  assert.equal(new Set(accepted).size, accepted.length);
  const needed = unknownWords(accepted, words);
  assert.deepEqual(accepted.filter((w) => !needed.has(w)), []);
});

test('names the file, the field and what to do', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'aanjager-taal-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'proef.md');
  await writeFile(path, '---\nslug: xqzt\ntitle: Een prooef\nsteps:\n  - title: Doe dit\n    text: Handel conform de wet.\n---\n\n## Slot\n\nWacht nu!\n');
  const lines = await check([await readDocument(folder, path)]);
  assert.deepEqual(lines, [
    'proef.md:steps[1].text: Handel conform de wet. - "conform": schrijf "volgens"',
    'proef.md:Slot: Wacht nu! - gebruik geen uitroepteken',
    'proef.md:title: onbekend woord "prooef": verbeter het, of zet het in tests/language/words.txt als het klopt',
  ]);
});

test('reads every text of the content and the pages', async () => {
  const files = (await readAll(ROOT)).map((d) => d.file);
  for (const part of ['content/library/', 'content/glossary/', 'content/taxonomy/', 'src/features/site/', 'src/foundation/html/']) {
    assert.ok(files.some((f) => f.startsWith(part)), part);
  }
  assert.ok(!files.includes('content/search.yaml'));
});
