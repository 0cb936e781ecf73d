/* Starts the program, and the proxies with the examples of docs/ops in front of it. Of an example only the lines marked
   CHANGE are changed, by sed, as docs/ops/README.md tells an operator. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const NAME = 'aanjager.test';
export const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '../../docs/ops');
const run = promisify(execFile);

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function installed(path) {
  return access(path).then(() => true, () => false);
}

export function freePort(host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const hasIPv6 = () => freePort('::1').then(() => true, () => false);

/* A child whose lines are kept. until: resolves at the first line that matches; rejects when the child ends before. */
function start(command, words, { until, env } = {}) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const lines = [];
  const exited = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
    child.on('error', (error) => resolve(error.message));
  });
  const ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (until?.test(line)) resolve();
      });
    exited.then((code) => reject(new Error(`${command} ended with ${code}\n${lines.join('\n')}`)));
    if (!until) resolve();
  });
  ready.catch(() => {});
  const stop = async () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { lines, ready, stop };
}

/* The program behind a proxy: { port, requests(), stop() }. requests are the paths that it answered, in order. */
export async function startApp(words = []) {
  const binary = process.env.AANJAGER_BINARY;
  assert.ok(binary, 'set AANJAGER_BINARY to the program to test');
  const data = await mkdtemp(join(tmpdir(), 'aanjager-ops-'));
  const port = await freePort();
  const all = ['--data', data, '--port', String(port), '--trusted-proxies', '127.0.0.1', ...words, 'serve'];
  const child = start(binary, all, { until: /Aanjager draait/ });
  const stop = async () => {
    const code = await child.stop();
    await rm(data, { recursive: true, force: true });
    const faults = child.lines.filter((line) => /runtime error|Sanitizer/.test(line));
    assert.deepEqual(faults, [], 'what the sanitizers of a check build saw');
    assert.equal(code, 0, `the program ended with ${code}`);
  };
  await child.ready.catch(async (error) => {
    await rm(data, { recursive: true, force: true });
    throw error;
  });
  const requests = () => child.lines.map((l) => /event=request .*?path="?([^ "]+)/.exec(l)?.[1]).filter(Boolean);
  return { port, requests, lines: child.lines, stop };
}

/* Instead of the program: answers with the headers that arrived, as pairs. */
export async function startEcho() {
  const server = http.createServer((rq, rs) => {
    const pairs = [];
    for (let i = 0; i < rq.rawHeaders.length; i += 2) pairs.push([rq.rawHeaders[i].toLowerCase(), rq.rawHeaders[i + 1]]);
    rs.setHeader('content-type', 'application/json');
    rs.end(JSON.stringify(pairs));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

async function makeCertificate(folder) {
  const key = join(folder, 'privkey.pem');
  const certificate = join(folder, 'fullchain.pem');
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-keyout', key, '-out', certificate]);
  return { key, certificate };
}

/* The example with its marked lines changed. Every script must change something, and nothing but marked lines. */
async function change(example, file, scripts, isMarked) {
  const before = (await readFile(join(EXAMPLES, example), 'utf8')).split('\n');
  let text = before.join('\n');
  for (const script of scripts) {
    await writeFile(file, text);
    const { stdout } = await run('sed', ['-e', script, file]);
    assert.notEqual(stdout, text, `nothing to do for ${script}`);
    text = stdout;
  }
  const after = text.split('\n');
  assert.equal(after.length, before.length);
  after.forEach((line, i) => {
    if (line !== before[i]) assert.ok(isMarked(before, i), `line ${i + 1} of ${example} is not marked: ${before[i]}`);
  });
  await writeFile(file, text);
}

async function untilOpen(port, child) {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise((resolve) => {
      const socket = tls.connect({ port, host: '127.0.0.1', servername: NAME, rejectUnauthorized: false }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`no answer on port ${port}\n${child.lines.join('\n')}`);
}

/* http-level settings as Debian's nginx.conf has them: the example must hold against these. */
const nginxFrame = (folder) => `
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 768; }
http {
    sendfile on;
    tcp_nopush on;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log ${folder}/access.log;
    gzip on;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`).join('\n    ')}
    include ${folder}/aanjager.conf;
}
`;

async function nginxCommand(folder, upstream, ports, pem, more) {
  const scripts = [
    `/# CHANGE$/ s/aanjager\\.voorbeeld\\.nl;/${NAME};/`,
    `/# CHANGE$/ s#https://aanjager\\.voorbeeld\\.nl#https://${NAME}:${ports.https}#`,
    `/# CHANGE$/ s/127\\.0\\.0\\.1:8080/127.0.0.1:${upstream}/`,
    `/# CHANGE$/ s/listen 80;/listen 127.0.0.1:${ports.http};/`,
    `/# CHANGE$/ s/listen 443 /listen 127.0.0.1:${ports.https} /`,
    `/# CHANGE$/ s#/etc/letsencrypt/live/aanjager\\.voorbeeld\\.nl/#${folder}/#`,
    `/# CHANGE$/ s#/var/log/nginx/#${folder}/#`,
  ];
  if (await hasIPv6())
    scripts.push(`/# CHANGE$/ s/\\[::\\]:80;/[::1]:${ports.http};/`, `/# CHANGE$/ s/\\[::\\]:443 /[::1]:${ports.https} /`);
  else scripts.push('/# CHANGE$/ s/^ *listen \\[::\\].*//');
  scripts.push(...more);
  await change('nginx.conf', join(folder, 'aanjager.conf'), scripts, (lines, i) => lines[i].endsWith('# CHANGE'));
  await writeFile(join(folder, 'nginx.conf'), nginxFrame(folder));
  return ['/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]];
}

async function caddyCommand(folder, upstream, ports, pem) {
  const scripts = [
    `/^\\t*# CHANGE$/ { n; s/http_port 80/http_port ${ports.http}/ }`,
    `/^\\t*# CHANGE$/ { n; s/https_port 443/https_port ${ports.https}/ }`,
    `/^\\t*# CHANGE$/ { n; s/^aanjager\\.voorbeeld\\.nl/${NAME}/ }`,
    `/^\\t*# CHANGE$/ { n; s#\\#tls .*#tls ${pem.certificate} ${pem.key}# }`,
    `/^\\t*# CHANGE$/ { n; s/127\\.0\\.0\\.1:8080/127.0.0.1:${upstream}/ }`,
  ];
  const file = join(folder, 'Caddyfile');
  await change('Caddyfile', file, scripts, (lines, i) => /^\t*# CHANGE$/.test(lines[i - 1]));
  return ['/usr/bin/caddy', ['run', '--config', file, '--adapter', 'caddyfile']];
}

/* { http, https (ports), log(), stop() } of nginx or caddy in front of the port; more: further sed scripts, for nginx. */
export async function startProxy(kind, upstream, { ports, more = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), `aanjager-${kind}-`));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'home'));
  const chosen = ports ?? { http: await freePort(), https: await freePort() };
  const pem = await makeCertificate(folder);
  const make = kind === 'nginx' ? nginxCommand : caddyCommand;
  const [command, words] = await make(folder, upstream, chosen, pem, more);
  const home = join(folder, 'home');
  const child = start(command, words, { env: { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home } });
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const log = () => readFile(join(folder, 'aanjager.log'), 'utf8');
  try {
    await untilOpen(chosen.https, child);
  } catch (error) {
    const said = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`${error.message}\n${said}`);
  }
  return { ...chosen, log, stop };
}
