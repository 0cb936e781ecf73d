/* build.mjs OUTDIR - bundles the styles, scripts, fonts and icons of Aanjager.

   Design tokens (styles/tokens.json, NL Design System naming) become CSS custom properties. Of the NL Design System
   components only the classes listed in styles/nl-design-system.json are taken, and what they say is resolved against
   the tokens: a declaration whose tokens we do not set falls back or goes. That makes 90 kB into a few. */
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trueTypeOf } from './woff.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, '..', 'node_modules');
const DARK = 'aanjager.dark';

/* {"aj": {"color": {"ink": {"$value": "#16261f"}}}} -> [{ name: "--aj-color-ink", value: "#16261f", dark: undefined }] */
function flatten(node, path = []) {
  if (node.$value !== undefined) {
    const value = (v) => v.replace(/\{([^}]+)\}/g, (_, ref) => `var(--${ref.replaceAll('.', '-')})`);
    return [{ name: `--${path.join('-')}`, value: value(node.$value), dark: node.$extensions?.[DARK] }];
  }
  return Object.entries(node)
    .filter(([key]) => !key.startsWith('$'))
    .flatMap(([key, child]) => flatten(child, [...path, key]));
}

function tokenCss(tokens, used) {
  const kept = tokens.filter((t) => used.has(t.name));
  const light = kept.map((t) => `${t.name}: ${t.value};`).join('\n');
  const dark = kept.filter((t) => t.dark).map((t) => `${t.name}: ${t.dark};`).join('\n');
  return `:root { ${light} }\n@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }`;
}

/* Splits at separators that stand outside brackets. */
function split(text, separator) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((p) => p.trim()).filter(Boolean);
}

/* CSS text -> [{ head, body }] where the body of an at-rule is again such a list. */
function parse(css) {
  const rules = [];
  let i = 0;
  while (i < css.length) {
    const open = css.indexOf('{', i);
    if (open < 0) break;
    const head = css.slice(i, open).trim();
    let depth = 1;
    let end = open + 1;
    for (; depth > 0 && end < css.length; end++) depth += css[end] === '{' ? 1 : css[end] === '}' ? -1 : 0;
    const inner = css.slice(open + 1, end - 1);
    rules.push({ head, body: head.startsWith('@') ? parse(inner) : split(inner, ';') });
    i = end;
  }
  return rules;
}

/* The value with every var() that can never be set replaced by its fallback; null when nothing is left. */
function resolve(value, isSet) {
  const at = value.indexOf('var(');
  if (at < 0) return value;
  let depth = 0;
  let end = at + 3;
  do {
    if (value[end] === '(') depth++;
    if (value[end] === ')') depth--;
    end++;
  } while (depth > 0);
  const [name, ...rest] = split(value.slice(at + 4, end - 1), ',');
  let part = null;
  const fallback = rest.length ? resolve(rest.join(', '), isSet) : null;
  if (!isSet(name)) part = fallback;
  else if (name.startsWith('--_') && fallback !== null) part = `var(${name}, ${fallback})`;
  else part = `var(${name})`;
  const tail = resolve(value.slice(end), isSet);
  return part === null || tail === null ? null : value.slice(0, at) + part + tail;
}

function selectWanted(rules, keep) {
  return rules.flatMap(({ head, body }) => {
    if (head.startsWith('@')) {
      const inner = selectWanted(body, keep);
      return inner.length ? [{ head, body: inner }] : [];
    }
    const selectors = split(head, ',').filter((s) => {
      const wanted = s.replace(/:(not|has)\([^)]*\)/g, ''); /* :not(.x) does not need .x */
      return (wanted.match(/\.[\w-]+/g) ?? []).every((c) => keep.has(c.slice(1)));
    });
    return selectors.length ? [{ head: selectors.join(','), body }] : [];
  });
}

const rulesOf = (rules) => rules.flatMap((r) => (r.head.startsWith('@') ? rulesOf(r.body) : [r]));
const propertyOf = (declaration) => declaration.slice(0, declaration.indexOf(':')).trim();

/* Removes what our tokens never set, until nothing more goes. */
function prune(rules, tokens) {
  for (let before = -1, count = 0; before !== count; ) {
    const set = new Set(tokens);
    for (const r of rulesOf(rules)) for (const d of r.body) if (propertyOf(d).startsWith('--')) set.add(propertyOf(d));
    before = count;
    count = 0;
    for (const r of rulesOf(rules)) {
      r.body = r.body.flatMap((d) => {
        const property = propertyOf(d);
        const value = resolve(d.slice(d.indexOf(':') + 1).trim(), (name) => set.has(name));
        return value === null || value === 'revert' ? [] : [`${property}: ${value}`];
      });
    }
    const used = new Set(JSON.stringify(rulesOf(rules).map((r) => r.body)).match(/var\((--[\w-]+)/g)?.map((v) => v.slice(4)));
    for (const r of rulesOf(rules)) {
      r.body = r.body.filter((d) => !propertyOf(d).startsWith('--') || used.has(propertyOf(d)));
      count += r.body.length;
    }
  }
}

const print = (rules) =>
  rules
    .map((r) => (r.head.startsWith('@') ? `${r.head}{${print(r.body)}}` : r.body.length ? `${r.head}{${r.body.join(';')}}` : ''))
    .join('\n');

async function componentCss(tokens) {
  const list = JSON.parse(await readFile(join(here, 'styles/nl-design-system.json'), 'utf8'));
  const rules = [];
  for (const [file, classes] of Object.entries(list)) {
    const css = (await readFile(join(packages, file), 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const name of classes) if (!css.includes(`.${name}`)) throw new Error(`${file} has no class ${name}`);
    rules.push(...selectWanted(parse(css), new Set(classes)));
  }
  prune(rules, tokens.map((t) => t.name));
  return print(rules);
}

/* The tokens that some stylesheet or another token names. */
function usedTokens(tokens, css) {
  const used = new Set();
  const visit = (text) => {
    for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      const token = tokens.find((t) => t.name === name);
      if (token) visit(token.value);
    }
  };
  visit(css);
  return used;
}

/* Serves "aanjager:tokens" and "aanjager:components" to the @imports in styles/main.css. */
function virtualStyles(sources) {
  return {
    name: 'aanjager-styles',
    setup(b) {
      b.onResolve({ filter: /^aanjager:/ }, (args) => ({ path: args.path, namespace: 'aanjager' }));
      b.onLoad({ filter: /.*/, namespace: 'aanjager' }, (args) => ({ contents: sources[args.path], loader: 'css' }));
    },
  };
}

async function styles(outdir) {
  const tokens = flatten(JSON.parse(await readFile(join(here, 'styles/tokens.json'), 'utf8')));
  const components = await componentCss(tokens);
  const bundle = (tokenText, write) =>
    build({
      entryPoints: { app: join(here, 'styles/main.css') },
      bundle: true,
      minify: true,
      outdir,
      write,
      external: ['fonts/*', './fonts/*'],
      target: ['chrome105', 'firefox105', 'safari16'],
      legalComments: 'none',
      plugins: [virtualStyles({ 'aanjager:tokens': tokenText, 'aanjager:components': components })],
      logLevel: 'warning',
    });
  const first = await bundle('', false); /* only to see which tokens are used */
  const used = usedTokens(tokens, first.outputFiles[0].text);
  const known = new Set(tokens.map((t) => t.name));
  const unknown = [...used].filter((name) => name.startsWith('--aj-') && !known.has(name));
  if (unknown.length) throw new Error(`not in tokens.json: ${unknown.join(', ')}`);
  await bundle(tokenCss(tokens, used), true);
}

/* htmx's own minified file is 2 kB smaller than its module after bundling, but exports nothing. */
const htmxExport = {
  name: 'aanjager-htmx',
  setup(b) {
    b.onLoad({ filter: /htmx\.min\.js$/ }, async (args) => ({
      contents: `${await readFile(args.path, 'utf8')}\nexport default htmx;`,
      loader: 'js',
    }));
  },
};

async function scripts(outdir) {
  await build({
    entryPoints: { app: join(here, 'scripts/main.js') },
    bundle: true,
    minify: true,
    format: 'iife',
    plugins: [htmxExport],
    outdir,
    target: ['chrome105', 'firefox105', 'safari16'],
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function files(outdir) {
  const fonts = join(packages, '@fontsource/atkinson-hyperlegible/files');
  await mkdir(join(outdir, 'fonts'), { recursive: true });
  for (const weight of [400, 700])
    await copyFile(join(fonts, `atkinson-hyperlegible-latin-${weight}-normal.woff2`), join(outdir, `fonts/atkinson-${weight}.woff2`));
  for (const [name, style] of Object.entries({ regular: '400-normal', bold: '700-normal', italic: '400-italic' }))
    for (const set of ['latin', 'latin-ext']) {
      const woff = await readFile(join(fonts, `atkinson-hyperlegible-${set}-${style}.woff`));
      await writeFile(join(outdir, `fonts/print-${name}-${set}.ttf`), trueTypeOf(woff));
    }
  await copyFile(join(packages, '@fontsource/atkinson-hyperlegible/LICENSE'), join(outdir, 'fonts/LICENSE.txt'));
  for (const icon of ['logo.svg', 'favicon.svg']) await copyFile(join(here, 'icons', icon), join(outdir, icon));
}

const outdir = process.argv[2];
if (!outdir) {
  console.error('usage: node assets/build.mjs OUTDIR');
  process.exit(2);
}
await rm(outdir, { recursive: true, force: true }); /* a new folder: the build sees by its time that the files changed */
await mkdir(outdir, { recursive: true });
await Promise.all([styles(outdir), scripts(outdir), files(outdir)]);
