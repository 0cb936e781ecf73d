/* docs/ops/aanjager.service: correct for systemd, and as closed as it can be. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EXAMPLES, installed } from './servers.mjs';

const ANALYZE = '/usr/bin/systemd-analyze';
const MOST_EXPOSED = 15; /* of 100; a service without any protection is at 96 */
const skip = (await installed(ANALYZE)) ? false : 'systemd is not installed';
let folder;
let unit;

/* Resolves with the code and what it said; never rejects. */
const run = (command, words) =>
  new Promise((resolve) => execFile(command, words, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, said: stdout + stderr })));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aanjager-unit-'));
  unit = join(folder, 'aanjager.service');
  const text = await readFile(join(EXAMPLES, 'aanjager.service'), 'utf8');
  const changed = text.replace(/^(#CHANGE.*\nExecStart=)\S+/m, `$1${process.env.AANJAGER_BINARY}`);
  assert.notEqual(changed, text, 'the line of the program is marked');
  await writeFile(unit, changed);
});
after(() => rm(folder, { recursive: true, force: true }));

test('systemd understands every line', { skip }, async () => {
  const good = await run(ANALYZE, ['verify', '--man=no', unit]);
  assert.equal(good.code, 0, good.said);
  assert.equal(good.said.split('\n').filter((l) => l.includes('aanjager.service')).join('\n'), '');
  const bad = join(folder, 'aanjager-bad.service');
  await writeFile(bad, (await readFile(unit, 'utf8')).replace('ProtectSystem=strict', 'ProtectSystems=strict'));
  assert.match((await run(ANALYZE, ['verify', '--man=no', bad])).said, /ProtectSystems/, 'it does tell when one is wrong');
});

test('what the program can reach is little', { skip }, async () => {
  const measured = await run(ANALYZE, ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, '--no-pager', unit]);
  assert.equal(measured.code, 0, measured.said.split('\n').filter((l) => /✗|Overall/.test(l)).join('\n'));
  const open = join(folder, 'aanjager-open.service');
  const text = await readFile(unit, 'utf8');
  await writeFile(open, text.replace(/^(Protect|Restrict|Private|SystemCall|Capability).*$/gm, ''));
  assert.notEqual((await run(ANALYZE, ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, '--no-pager', open])).code, 0);
});

test('the program is not started again and again with wrong settings', async () => {
  const text = await readFile(unit, 'utf8');
  const status = Number(/^RestartPreventExitStatus=(\d+)$/m.exec(text)[1]);
  const { code, said } = await run(process.env.AANJAGER_BINARY, ['--data', join(folder, 'data'), '--port', 'geen-getal', 'serve']);
  assert.equal(code, status, said);
});
