/* Reads what visitors read, the content and the templates, as documents: texts with the place where each stands. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parse } from 'yaml';

/* Keys whose values nobody reads as Dutch: codes, addresses, dates, names of laws, what people type into the search box. A key
   that is not here is read, so that a field added later is checked too. */
const NOT_READ = new Set([
  'slug', 'type', 'kind', 'catalogue', 'phases', 'bottlenecks', 'themes', 'actors', 'keywords', 'effort', 'who', 'url', 'law',
  'article', 'valid_from', 'valid_to', 'date', 'former_slugs', 'relations', 'checked', 'review', 'licence', 'certainty',
  'evidence', 'code', 'group', 'planmonitor', 'related', 'explain_in_text', 'feeds_search', 'slugs', 'item', 'actor', 'phase',
  'bottleneck', 'theme',
]);
/* Keys whose values are names or parts of a sentence: they are read, but say nothing about the average of sentences. */
const FRAGMENTS = new Set([
  'title', 'short', 'name', 'formal', 'when', 'when_not', 'abbreviations', 'forms', 'owner', 'contact', 'task', 'ends_with',
]);
/* Keys below which a name is a name that others gave. */
const FOREIGN = new Set(['sources', 'source', 'templates']);
/* For designers, who see there what the parts of a page look like. */
const NO_PAGES = new Set(['site_style.html']);

function kindOf(key, kind) {
  if (key === 'note') return 'sentence';
  if (FOREIGN.has(key) || kind === 'foreign') return 'foreign';
  return FRAGMENTS.has(key) ? 'fragment' : kind;
}

/* Adds every string below value that somebody reads. kind: sentence, fragment or foreign. */
function collect(value, field, kind, ret) {
  if (typeof value === 'string') {
    ret.push({ field, text: value, kind });
  } else if (Array.isArray(value)) {
    value.forEach((v, i) => collect(v, `${field}[${i + 1}]`, kind, ret));
  } else if (value && typeof value === 'object') {
    for (const [key, v] of Object.entries(value)) {
      if (!NOT_READ.has(key)) collect(v, field ? `${field}.${key}` : key, kindOf(key, kind), ret);
    }
  }
  return ret;
}

const LIST_ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ x]\]\s+)?/;

/* The blocks of a Markdown text: paragraphs and list items are sentences, headings and table cells are fragments. field is
   the heading above. */
export function markdown(text) {
  const ret = [];
  let field = '';
  let open = null;
  const add = (words, kind) => ret.push({ field, text: words.trim(), kind });
  for (const line of text.split('\n')) {
    const heading = /^#{1,6}\s+(.*)/.exec(line);
    if (heading || line.trim() === '' || /^\s*\|/.test(line) || LIST_ITEM.test(line)) open = null;
    if (heading) {
      field = heading[1];
      add(field, 'fragment');
    } else if (/^\s*\|/.test(line)) {
      if (/[^\s|:-]/.test(line)) line.trim().slice(1, -1).split('|').forEach((cell) => add(cell, 'fragment'));
    } else if (open) {
      open.text += ` ${line.trim()}`;
    } else if (line.trim() !== '') {
      add(line.replace(LIST_ITEM, '').replace(/^>\s*/, ''), 'sentence');
      open = ret.at(-1);
    }
  }
  return ret;
}

const INLINE = /<\/?(?:a|abbr|b|em|i|kbd|mark|span|strong|time)\b[^>]*>/g;

/* What a template shows: the text between tags, a run per block, and the words in attributes. A value stands as a number. */
export function template(text) {
  const ret = [];
  const shown = text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style|code|pre)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/\{\{[#/>][^}]*\}\}|\{\{else[^}]*\}\}/g, ' ')
    .replace(/\{\{[^}]*\}\}/g, '7');
  for (const [, words] of shown.matchAll(/\s(?:aria-label|alt|title|placeholder)="([^"]*)"/g)) {
    ret.push({ field: 'attribuut', text: words, kind: 'fragment' });
  }
  const plain = shown
    .replace(INLINE, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&(nbsp|middot);/g, ' ');
  for (const run of plain.split('\n')) {
    if (/\p{L}/u.test(run)) ret.push({ field: 'tekst', text: run.trim(), kind: 'sentence' });
  }
  return ret;
}

function item(text) {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!parts) throw new Error('geen kop tussen regels met ---');
  return [...collect(parse(parts[1]), '', 'sentence', []), ...markdown(parts[2])];
}

/* The texts of one file: .html is a template, .md has a head in YAML and a body in Markdown, .yaml is all YAML. */
export async function readDocument(root, path) {
  const file = relative(root, path);
  const text = await readFile(path, 'utf8');
  try {
    if (path.endsWith('.html')) return { file, texts: template(text) };
    return { file, texts: path.endsWith('.md') ? item(text) : collect(parse(text), '', 'sentence', []) };
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

/* All that visitors read below root. The words in content/search.yaml are those that people type, faults included. */
export async function readAll(root) {
  const content = await readdir(join(root, 'content'), { recursive: true });
  const source = await readdir(join(root, 'src'), { recursive: true });
  const paths = [
    ...content.filter((f) => /\.(md|yaml)$/.test(f) && f !== 'search.yaml').map((f) => join(root, 'content', f)),
    ...source.filter((f) => f.endsWith('.html') && !NO_PAGES.has(basename(f))).map((f) => join(root, 'src', f)),
  ];
  return Promise.all(paths.sort().map((path) => readDocument(root, path)));
}

/* What the glossary names: names, abbreviations and forms, as they are written. */
export async function glossaryWords(root) {
  const folder = join(root, 'content', 'glossary');
  const ret = [];
  for (const f of (await readdir(folder)).sort()) {
    const term = parse(await readFile(join(folder, f), 'utf8'));
    ret.push(term.name, ...(term.abbreviations ?? []), ...(term.forms ?? []));
  }
  return ret;
}
