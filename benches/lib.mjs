/* What the lines of the bench share: servers on ports of their own, load, medians, rows. Everything that is started
   here is ended when the line ends. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BUILD = resolve(process.env.BENCH_BUILD ?? 'build/bench');
export const BINARY = process.env.AANJAGER_BINARY ?? join(BUILD, 'aanjager');
export const program = (name) => join(BUILD, 'benches', `bench_${name}`);

/* How often A and B are measured in turn, and how long each time. */
export const PAIRS = Number(process.env.BENCH_PAIRS ?? 3);
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
export const ITEM = '/kennisbank/anterieure-overeenkomst';
/* Rounded, so that the table does not promise more than was measured. */
const DIGITS = 3;

/* ---- rows ---- */

export function row({ name, asked = '', measured, reference = '', ratio = '', met = '', method }) {
  const cells = [name, asked, measured, reference, ratio === '' ? '' : number(ratio), met === '' ? '' : met ? 'yes' : 'NO', method];
  console.log(`row | ${cells.map((cell) => String(cell).replaceAll('|', '/').replace(/\s+/g, ' ')).join(' | ')}`);
}

/* A line that cannot be measured here says so in the table. */
export function absent(name, why) {
  row({ name, measured: 'not measured', method: why });
}

export function number(n) {
  if (n >= 1000) return Math.round(n).toLocaleString('en');
  return String(Number(n.toPrecision(DIGITS)));
}

/* The parts of a method, those that apply. */
export const how = (...parts) => parts.filter(Boolean).join('; ');

export const note = (text) => process.stderr.write(`  ${text}\n`);

/* ---- numbers ---- */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/* "12.3 (11-15)": the median and from where to where. */
export function spread(values, unit = '') {
  const range = `${number(Math.min(...values))}-${number(Math.max(...values))}`;
  return `${number(median(values))}${unit}${values.length > 1 ? ` (${range})` : ''}`;
}

/* Measures each of { name: function } in turn, `pairs` rounds, so that what else the machine does meets all of them
   alike. Gives { name: [result of each round] }. */
export async function inTurn(measures, pairs = PAIRS) {
  const found = Object.fromEntries(Object.keys(measures).map((name) => [name, []]));
  for (let i = 0; i < pairs; i++)
    for (const [name, measure] of Object.entries(measures)) {
      const result = await measure();
      found[name].push(result);
      note(`${i + 1}/${pairs} ${name}: ${JSON.stringify(result)}`);
    }
  return found;
}

/* The median over the rounds of a quotient taken within each round. */
export const ratioOf = (a, b, field) => median(a.map((x, i) => x[field] / b[i][field]));
export const column = (results, field) => results.map((x) => x[field]);

/* ---- processes ---- */

const children = new Set();
const folders = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGTERM'); /* a killed master would leave its workers */
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/* Readable for a web server that gives up its rights; in memory: not on a disk that others write to. */
export function folder({ inMemory = false } = {}) {
  const path = mkdtempSync(join(inMemory && existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'aanjager-bench-'));
  folders.add(path);
  execFileSync('chmod', ['755', path]);
  return path;
}

export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/* Starts a program and waits until the page answers. The time from start to that answer is in `ready`, in ms. */
export async function serve(command, args, origin, { page = '/', env = {}, log } = {}) {
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', log ?? 'ignore'], env: { ...process.env, ...env } });
  children.add(child);
  const exited = new Promise((done) => child.on('exit', done).on('error', done));
  const deadline = begin + 120_000;
  while (!(await answers(origin + page))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${command} does not answer on ${origin}`);
    await new Promise((done) => setTimeout(done, 1));
  }
  const ready = performance.now() - begin;
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    children.delete(child);
  };
  return { origin, pid: child.pid, ready, stop };
}

function answers(url) {
  return new Promise((done) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode === 200));
    }).on('error', () => done(false));
  });
}

/* Settings that the binary does not know yet are left out, so that one bench measures several versions of the program. */
let known;
export function knows(setting) {
  known ??= execFileSync(BINARY, ['config'], { encoding: 'utf8' });
  return new RegExp(`\\b${setting}\\b`).test(known);
}
export const settings = (wanted) => Object.entries(wanted).flatMap(([name, value]) => (knows(name) ? [`--${name}`, String(value)] : []));

/* Aanjager with the starter library, in a folder of its own; log: a file descriptor for the log lines. */
export async function startAanjager({ binary = BINARY, data = folder(), options = {}, page = ITEM, log, port } = {}) {
  const at = port ?? (await freePort());
  const words = [
    '--data',
    data,
    '--port',
    at,
    ...settings({ requests_per_minute: 0, ...options }),
    ...(binary === BINARY ? ['serve'] : []),
  ].map(String);
  return serve(binary, words, `http://127.0.0.1:${at}`, { page, log });
}

/* nginx as Debian has it, serving the bytes as one static file at /. */
export async function startNginx(bytes, { accessLog = false } = {}) {
  const home = folder({ inMemory: true });
  const port = await freePort();
  mkdirSync(join(home, 'pages'));
  writeFileSync(join(home, 'pages/page.html'), bytes);
  const user = process.getuid() === 0 ? 'user root;' : '';
  writeFileSync(
    join(home, 'nginx.conf'),
    `${user} worker_processes 2; daemon off; pid ${home}/pid; error_log ${home}/error.log crit;
events { worker_connections 512; }
http {
  types { text/html html; } charset utf-8; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  access_log ${accessLog ? `${home}/access.log` : 'off'};
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  server { listen 127.0.0.1:${port}; root ${home}/pages; index page.html; }
}
`,
  );
  return serve(nginxPath(), ['-c', join(home, 'nginx.conf'), '-p', home, '-e', join(home, 'error.log')], `http://127.0.0.1:${port}`);
}

export const nginxPath = () => ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(existsSync) ?? 'nginx';

export async function startBare(bytes) {
  const file = join(folder(), 'page.html');
  const port = await freePort();
  writeFileSync(file, bytes);
  return serve(program('bare'), [file, String(port)], `http://127.0.0.1:${port}`);
}

/* A process and all that it started. */
export function familyOf(pid) {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) family.push(...pairs.filter(([, of]) => of === parent).map(([child]) => child));
  return family;
}

/* Seconds of processor time of a process, its children, and those that have ended. */
function cpuSeconds(pid) {
  const ticks = familyOf(pid).map((one) => {
    const file = `/proc/${one}/stat`;
    if (!existsSync(file)) return 0;
    const fields = readFileSync(file, 'utf8').split(') ').pop().split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, n) => sum + n, 0) / 100; /* a tick is 10 ms */
}

/* The same load, and what it cost the server: microseconds of processor time for each request. Other work of the machine
   changes that little; it changes the rate, and least for a server that has many threads to run. */
export async function costing(server, measure) {
  const before = cpuSeconds(server.pid);
  const result = await measure();
  return { ...result, cpu_us: ((cpuSeconds(server.pid) - before) * 1e6) / result.count };
}

export function residentKb(pid) {
  const status = execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' });
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
}

/* ---- load ---- */

export async function fetchBytes(url) {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

const MS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const time = (text, label) => {
  const [, value, unit] = new RegExp(`${label}\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(text);
  return Number(value) * MS[unit];
};

/* Closed loop with wrk: requests a second, and latencies in ms. */
export async function wrk(url, { threads = 2, connections = 32, seconds = SECONDS } = {}) {
  const { stdout } = await run('wrk', [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s', url]);
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  if (errors) throw new Error(`${url}: ${errors[1]} answers were not 200`);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]),
    count: Number(/(\d+) requests in/.exec(stdout)[1]),
    p50: time(stdout, '50%'),
    p99: time(stdout, '99%'),
  };
}

/* Open loop at a fixed rate; rate 0: closed loop. See load.c. */
export async function load(url, { connections = 32, rate, seconds = SECONDS }) {
  const { stdout } = await run(program('load'), [url, connections, rate, seconds].map(String));
  return JSON.parse(stdout);
}

export async function json(command, args) {
  const { stdout } = await run(command, args, { maxBuffer: 1 << 24 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

export const machine = () => `${cpus().length} x ${cpus()[0].model.trim()}`;
