/* The rules for language: short sentences, plain words, "u", active. Pure: a text in, what is wrong with it out. */

export const LONGEST = 25;
/* B1 asks for 15 or less (Direct Duidelijk); our guides stay under it with room, so that a slow slide shows. */
export const AVERAGE = 12;
/* A sentence of more words is long: allowed now and then in a text of some length, never in a short one. */
const LONG = 20;
const LONG_SHARE = 0.05;
const PASSIVE_SHARE = 0.1;
/* Fewer sentences say nothing about an average or a share. */
const ENOUGH = 10;

/* Words and phrases of officials and of advertising, with what to write instead. */
const PHRASES = [
  ['(?:dient|dienen|diende|dienden) (?:[^ .,;:]+ ){0,6}te(?: worden)?', 'schrijf "moet"', /\bom\b/i],
  ['middels|door middel van', 'schrijf "met" of "door"'],
  ['conform', 'schrijf "volgens"'],
  ['ten behoeve van|t\\.b\\.v\\.', 'schrijf "voor"'],
  ['met betrekking tot|m\\.b\\.t\\.|ten aanzien van|t\\.a\\.v\\.|inzake|omtrent|aangaande', 'schrijf "over" of "voor"'],
  ['in het kader van|i\\.h\\.k\\.v\\.', 'schrijf "voor" of "bij"'],
  ['teneinde', 'schrijf "om"'],
  ['alsmede|alsook', 'schrijf "en ook"'],
  ['tevens', 'schrijf "ook"'],
  ['indien|ingeval', 'schrijf "als"'],
  ['alvorens', 'schrijf "voordat"'],
  ['reeds', 'schrijf "al"'],
  ['thans|vooralsnog', 'schrijf "nu" of "voorlopig"'],
  ['derhalve|aldus', 'schrijf "daarom" of "zo"'],
  ['echter|doch', 'schrijf "maar"'],
  ['hetgeen', 'schrijf "wat"'],
  ['zulks|dusdanig|dusdanige|dermate', 'schrijf "zo" of "dat"'],
  ['danwel', 'schrijf "of"'],
  ['voorts', 'schrijf "verder" of "ook"'],
  ['ten gevolge van', 'schrijf "door"'],
  ['te allen tijde', 'schrijf "altijd"'],
  ['(?:de|het) (?:des)?betreffende', 'schrijf "die" of "dat"'],
  ['bewerkstelligen|bewerkstelligt|geschieden|geschiedt', 'zeg wie wat doet'],
  ['men', 'zeg wie het doet'],
  ['je|jij|jou|jouw|jullie', 'spreek de lezer aan met "u"'],
  ['implementeren|implementatie|stakeholders?', 'schrijf "invoeren" of "betrokkenen"'],
  ['cruciaal|cruciale|essentieel|essentiële', 'zeg waarom het nodig is'],
  ['naadloos|naadloze|holistisch|holistische|succesvol|succesvolle', 'laat het weg of zeg wat er gebeurt'],
  ['in de praktijk blijkt', 'noem de bron of laat het weg'],
  ['klik hier', 'zeg waar de link heen gaat'],
].map(([words, advice, unless]) => ({
  pattern: new RegExp(`(?<![\\p{L}-])(?:${words})(?![\\p{L}-])`, 'giu'),
  advice,
  unless,
}));

const SIGNS = [
  [/!/, 'gebruik geen uitroepteken'],
  [/—|\s–\s/, 'gebruik een punt of komma in plaats van een gedachtestreep'],
];

const ABBREVIATIONS = new Set([
  'afd', 'art', 'bijv', 'ca', 'd.w.z', 'e.d', 'e.v', 'enz', 'etc', 'evt', 'hfd', 'i.v.m', 'incl', 'jo', 'kst', 'm.e.r', 'max',
  'min', 'mr', 'n.v.t', 'nr', 'nrs', 'o.a', 'p', 'par', 'resp', 'stb', 'stcrt', 't.o.v',
]);

const REFERENCE = /(?:artikel(?:en)?|art\.|afdeling|hoofdstuk|paragraaf|lid|bijlage|boek|titel|nr\.)\s+[\dIVX]/i;
const MARK = /\s*\([^()]*nog te controleren[^()]*\)/gi;

/* The text as somebody reads it aloud: links by their words, "(nog te controleren)" gone, a reference in brackets to a law one
   word long. */
export function spoken(text) {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|`/g, '')
    .replace(MARK, '')
    .replace(/\([^()]*\)/g, (inside) => (REFERENCE.test(inside) ? '(wet)' : inside))
    .replace(/\s+/g, ' ')
    .trim();
}

/* The sentences of a text. A full stop ends one when something with a capital or a digit follows, unless it belongs to an
   abbreviation or an initial. */
export function sentences(text) {
  const ret = [];
  let from = 0;
  for (const end of text.matchAll(/[.?!…]["”’')]*\s+(?=["“‘'(€]*[\p{Lu}\p{N}])/gu)) {
    const word = /([^\s("“‘]*)$/u.exec(text.slice(from, end.index))[1];
    if (end[0][0] === '.' && (ABBREVIATIONS.has(word.toLowerCase()) || /^\p{Lu}$/u.test(word))) continue;
    ret.push(text.slice(from, end.index + end[0].length).trim());
    from = end.index + end[0].length;
  }
  ret.push(text.slice(from).trim());
  return ret.filter((s) => s !== '');
}

/* Words as they are counted: what holds a letter or a digit. */
export function wordCount(sentence) {
  return sentence.split(/[\s/]+/).filter((w) => /[\p{L}\p{N}]/u.test(w)).length;
}

/* A participle: by its shape, or one of those that have none. Infinitives and nouns look like some of them. */
const PREFIX = '(?:aan|af|bij|binnen|door|in|mee|na|om|op|over|samen|terug|toe|uit|vast|voor|weg)';
const PARTICIPLE = new RegExp(`^(?:${PREFIX}?ge\\p{L}+(?:d|t|en)|${PREFIX}?(?:be|her|ont|ver)\\p{L}{2,}(?:d|t|en)|gedaan|` +
  'misbruikt|onder(?:houden|steund|tekend|zocht)|over(?:handigd|legd|schreden|treden|tuigd|wogen)|voltooid)$', 'iu');
const LOOKS_LIKE_ONE = new RegExp('^(?:gebeurt|gebied(?:en)?|gebouwen|gedeelten?|geen|geld|geluid|gemeente\\p{L}*|geschikt|gesprekken|getallen|' +
  'gevolgen|gewicht(?:en)?|bekend|belangen|beleid\\p{L}*|bereid|bericht(?:en)?|besluit(?:en)?|bestand(?:en)?|bedragen|verband(?:en)?|' +
  'verplicht|verschillend|vertrouwen|verzoeken)$', 'iu');
/* Where another clause begins, with its own verb. */
const CLAUSE = /[,;:()]|(?<!\p{L})(?:als|dat|die|en|hoe|nadat|of|omdat|terwijl|voordat|waar\p{L}*|wanneer|wat|wie|zodat)(?!\p{L})/iu;

/* Does a clause say that something is done, and not who does it? "Wordt groter" is no such thing. */
export function isPassive(sentence) {
  return sentence.split(CLAUSE).some((clause) => {
    const words = clause.match(/\p{L}+/gu) ?? [];
    return words.some((w) => /^(?:word|wordt|worden|werd|werden)$/i.test(w)) &&
      words.some((w) => PARTICIPLE.test(w) && !LOOKS_LIKE_ONE.test(w));
  });
}

function inSentence(sentence) {
  const ret = [];
  const count = wordCount(sentence);
  if (count > LONGEST) ret.push(`${count} woorden, hooguit ${LONGEST}: maak er twee zinnen van`);
  for (const { pattern, advice, unless } of PHRASES) {
    for (const [words] of sentence.matchAll(pattern)) {
      if (!unless?.test(words)) ret.push(`"${words}": ${advice}`);
    }
  }
  for (const [sign, advice] of SIGNS) if (sign.test(sentence)) ret.push(advice);
  return ret;
}

/* What the sentences of a document are like: how many, their words, how many are long, how many passive. A list item or a
   value without a full stop is no sentence. */
export function figures(document) {
  const ret = { sentences: 0, words: 0, long: 0, passive: 0 };
  for (const { text, kind } of document.texts) {
    if (kind !== 'sentence') continue;
    for (const s of sentences(spoken(text))) {
      if (!/[.?:][)"”]*$/.test(s)) continue;
      const count = wordCount(s);
      ret.sentences += 1;
      ret.words += count;
      ret.long += count > LONG ? 1 : 0;
      ret.passive += isPassive(s) ? 1 : 0;
    }
  }
  return ret;
}

function inWhole(document) {
  const f = figures(document);
  const ret = [];
  const say = (what) => ret.push({ file: document.file, field: 'geheel', what });
  if (f.sentences < ENOUGH) {
    if (f.long > 0) say(`een zin met meer dan ${LONG} woorden in een korte tekst: maak die korter`);
    return ret;
  }
  const average = f.words / f.sentences;
  if (average > AVERAGE) say(`gemiddeld ${average.toFixed(1)} woorden per zin, hooguit ${AVERAGE}: maak zinnen korter`);
  if (f.long > Math.max(1, f.sentences * LONG_SHARE)) {
    say(`${f.long} van de ${f.sentences} zinnen hebben meer dan ${LONG} woorden, hooguit 1 op de ${1 / LONG_SHARE}: maak zinnen korter`);
  }
  if (f.passive > Math.max(1, f.sentences * PASSIVE_SHARE)) {
    say(`${f.passive} van de ${f.sentences} zinnen staan in de lijdende vorm, hooguit 1 op de ${1 / PASSIVE_SHARE}: zeg wie het doet`);
  }
  return ret;
}

/* All that is wrong with the sentences of a document: {file, field, sentence, what}. Names that others gave are left alone. */
export function checkSentences(document) {
  const ret = [];
  for (const { field, text, kind } of document.texts) {
    if (kind === 'foreign') continue;
    for (const sentence of sentences(spoken(text))) {
      for (const what of inSentence(sentence)) ret.push({ file: document.file, field, sentence, what });
    }
  }
  return [...ret, ...inWhole(document)];
}
