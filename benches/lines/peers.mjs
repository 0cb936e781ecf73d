/* The same item texts in Fossil's wiki and in MediaWiki, when benches/peers/install.sh has installed them. */
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import {
  ITEM,
  SECONDS,
  absent,
  column,
  costing,
  familyOf,
  fetchBytes,
  folder,
  freePort,
  how,
  inTurn,
  knows,
  median,
  nginxPath,
  note,
  number,
  ratioOf,
  row,
  serve,
  spread,
  startAanjager,
  wrk,
} from '../lib.mjs';

const run = promisify(execFile);
const LIBRARY = 'content/library';
const NAME = basename(ITEM);
const QUERY = 'vergunning';
const MEDIAWIKI = '/usr/share/mediawiki';
const WARM_UP = 4; /* requests, so that their caches are filled */
const LOAD = { threads: 2, connections: 8, seconds: Math.min(SECONDS, 5) };

const texts = readdirSync(LIBRARY)
  .filter((file) => file.endsWith('.md'))
  .map((file) => {
    const text = readFileSync(join(LIBRARY, file), 'utf8');
    return { name: basename(file, '.md'), body: text.replace(/^---\n[\s\S]*?\n---\n/, '') };
  });

/* Memory of a process and all that it started, in MB; shared pages count once (PSS). A child that ends while
 * this looks (Fossil has one for each request) counts as nothing. */
function memoryOf(pid) {
  return familyOf(pid).reduce((sum, one) => sum + shareOf(one), 0) / 1024;
}

function shareOf(pid) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function startFossil() {
  const home = folder();
  const repository = join(home, 'wiki.fossil');
  const env = { ...process.env, HOME: home, USER: 'bench' };
  const fossil = (...words) => execFileSync('fossil', [...words, '-R', repository], { env });
  execFileSync('fossil', ['init', '--admin-user', 'bench', repository], { env });
  for (const { name, body } of texts) {
    const file = join(home, 'page.md');
    writeFileSync(file, body);
    fossil('wiki', 'create', name, file, '--mimetype', 'text/x-markdown');
  }
  fossil('fts-config', 'enable', 'w');
  fossil('fts-config', 'index', 'on');
  const port = await freePort();
  const server = await serve('fossil', ['server', repository, '--localhost', '--port', String(port)], `http://127.0.0.1:${port}`, {
    page: `/wiki?name=${NAME}`,
    env,
  });
  return { ...server, page: `/wiki?name=${NAME}`, search: `/search?s=${QUERY}&y=w` };
}

/* MediaWiki as its package has it, with a database file, its caches in APCu and compiled scripts kept. */
async function installMediawiki(home, origin) {
  const php = (script, ...words) =>
    run('php', [`${MEDIAWIKI}/maintenance/${script}`, ...words], {
      env: { ...process.env, MW_CONFIG_FILE: join(home, 'LocalSettings.php') },
      maxBuffer: 1 << 26,
    });
  await run(
    'php',
    [
      `${MEDIAWIKI}/maintenance/install.php`,
      '--dbtype',
      'sqlite',
      '--dbpath',
      join(home, 'data'),
      '--confpath',
      home,
      '--server',
      origin,
      '--scriptpath',
      '',
      '--lang',
      'nl',
      '--pass',
      'bench-only-loopback',
      'Bench',
      'Bench',
    ],
    { env: { ...process.env, MW_CONFIG_FILE: join(home, 'none.php') }, maxBuffer: 1 << 26 },
  );
  appendFileSync(
    join(home, 'LocalSettings.php'),
    `
$wgMainCacheType = CACHE_ACCEL; $wgParserCacheType = CACHE_ACCEL; $wgSessionCacheType = CACHE_DB; $wgJobRunRate = 0;
$wgCacheDirectory = "${home}/cache"; $wgDisableCounters = true;
`,
  );
  mkdirSync(join(home, 'pages'));
  for (const { name, body } of texts) writeFileSync(join(home, 'pages', `${name}.txt`), body.replace(/^#+ (.*)$/gm, '== $1 =='));
  const files = texts.map(({ name }) => join(home, 'pages', `${name}.txt`));
  await php('importTextFiles.php', '--user', 'Bench', '--overwrite', ...files);
  await php('rebuildtextindex.php').catch(() => note('the text index was filled while importing'));
}

function phpConfig(home, user) {
  return `[global]
pid = ${home}/fpm.pid
error_log = ${home}/fpm.log
daemonize = no
[www]
${user}
listen = ${home}/fpm.sock
pm = static
pm.max_children = 4
clear_env = no
php_admin_value[opcache.validate_timestamps] = 0
php_admin_value[apc.shm_size] = 64M
`;
}

function nginxConfig(home, port, user) {
  return `${user} worker_processes 2; daemon off; pid ${home}/nginx.pid; error_log ${home}/error.log crit;
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 100000000;
  client_body_temp_path ${home}/b; proxy_temp_path ${home}/p; fastcgi_temp_path ${home}/f; uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s;
  server {
    listen 127.0.0.1:${port};
    root ${MEDIAWIKI};
    location ~ \\.php {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME ${MEDIAWIKI}$fastcgi_script_name;
      fastcgi_param MW_CONFIG_FILE ${home}/LocalSettings.php;
      fastcgi_pass unix:${home}/fpm.sock;
    }
  }
}
`;
}

async function startMediawiki() {
  const home = folder();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const root = process.getuid() === 0;
  for (const part of ['data', 'cache']) mkdirSync(join(home, part));
  await installMediawiki(home, origin);
  writeFileSync(join(home, 'fpm.conf'), phpConfig(home, root ? 'user = root\ngroup = root' : ''));
  writeFileSync(join(home, 'nginx.conf'), nginxConfig(home, port, root ? 'user root;' : ''));
  const page = `/index.php?title=${NAME[0].toUpperCase()}${NAME.slice(1)}`; /* as MediaWiki spells it, else it redirects */
  const servers = await Promise.all([
    serve(phpFpm(), ['-y', join(home, 'fpm.conf'), ...(root ? ['-R'] : [])], origin, {
      page,
      env: { MW_CONFIG_FILE: join(home, 'LocalSettings.php') },
    }),
    serve(nginxPath(), ['-c', join(home, 'nginx.conf'), '-p', home, '-e', join(home, 'error.log')], origin, { page }),
  ]);
  const stop = async () => {
    for (const server of servers) await server.stop();
  };
  return { origin, pid: servers[0].pid, stop, page, search: `/index.php?search=${QUERY}&fulltext=1` };
}

const phpFpm = () =>
  readdirSync('/usr/sbin')
    .filter((name) => /^php-fpm[\d.]+$/.test(name))
    .map((name) => `/usr/sbin/${name}`)[0];
const has = (program) => {
  try {
    execFileSync('which', [program]);
    return true;
  } catch {
    return false;
  }
};

const PEERS = {
  Fossil: {
    there: () => has('fossil'),
    start: startFossil,
    words: 'fossil server, as it comes, pages as Markdown wiki pages, its full-text index on',
  },
  MediaWiki: {
    there: () => existsSync(MEDIAWIKI) && has('php') && phpFpm() !== undefined,
    start: startMediawiki,
    words: 'nginx and php-fpm with 4 workers, SQLite, APCu and OPcache, text as wiki pages',
  },
};

async function beside(name, peer, ours) {
  const theirs = await peer.start();
  const measures = {};
  for (const what of ['page', 'search']) {
    measures[`ours ${what}`] = () => costing(ours, () => wrk(ours.origin + ours[what], LOAD));
    measures[`${name} ${what}`] = () => costing(theirs, () => wrk(theirs.origin + theirs[what], LOAD));
  }
  for (const what of ['page', 'search']) for (let i = 0; i < WARM_UP; i++) await fetchBytes(theirs.origin + theirs[what]);
  const found = await inTurn(measures);
  for (const what of ['page', 'search']) {
    const [mine, other] = [found[`ours ${what}`], found[`${name} ${what}`]];
    row({
      name: `${what} beside ${name}`,
      measured: spread(column(mine, 'rate'), '/s'),
      reference: `${name} ${spread(column(other, 'rate'), '/s')}, p50 ${number(median(column(other, 'p50')))} ms`,
      ratio: ratioOf(mine, other, 'rate'),
      method: how(
        what === 'page' ? 'the same item text' : `search for "${QUERY}"`,
        `wrk, 2 threads, 8 connections, ${LOAD.seconds} s in turn`,
        `ours ${knows('page_cache_kb') ? 'with page_cache_kb=0' : 'without a page cache'}`,
        `processor time ${number(median(column(mine, 'cpu_us')) / 1000)} against ${number(median(column(other, 'cpu_us')) / 1000)} ms a request`,
        peer.words,
      ),
    });
  }
  row({
    name: `memory beside ${name}`,
    measured: `${number(memoryOf(ours.pid))} MB`,
    reference: `${name} ${number(memoryOf(theirs.pid))} MB`,
    ratio: memoryOf(ours.pid) / memoryOf(theirs.pid),
    method: 'proportional set size of the process and its children, after that load',
  });
  await theirs.stop();
}

const server = await startAanjager({ options: { page_cache_kb: 0, log_level: 1 } });
const ours = { ...server, page: ITEM, search: `/zoeken?q=${QUERY}` };
for (const [name, peer] of Object.entries(PEERS)) {
  if (!peer.there()) {
    absent(`beside ${name}`, `${name} is not installed: benches/peers/install.sh`);
    continue;
  }
  await beside(name, peer, ours).catch((error) => absent(`beside ${name}`, `it does not start: ${error.message.slice(0, 120)}`));
}
await server.stop();
process.exit(0);
