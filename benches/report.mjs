/* Makes the table of the rows that the lines of the bench printed.

       node benches/report.mjs ROWS.txt REPORT.md REPORT.json

   A row is "row | name | asked | measured | reference | ratio | met | method"; "line | NAME" before rows says which file
   they are of. Prints the table. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { machine } from './lib.mjs';

const COLUMNS = ['name', 'asked', 'measured', 'reference', 'ratio', 'met', 'method'];
const [from, markdown, data] = process.argv.slice(2);

let line = '';
const rows = [];
for (const text of readFileSync(from, 'utf8').split('\n')) {
  const [kind, ...cells] = text.split(' | ').map((cell) => cell.trim());
  if (kind === 'line') line = cells[0];
  if (kind === 'row') rows.push({ line, ...Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i] ?? ''])) });
}

const commit = execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=10'], { encoding: 'utf8' }).trim();
const about = { at: new Date().toISOString(), commit, machine: machine(), load: loadavg()[0] };
const table = [COLUMNS, COLUMNS.map(() => '---'), ...rows.map((row) => COLUMNS.map((column) => row[column]))].map(
  (cells) => `| ${cells.join(' | ')} |`,
);
const missed = rows.filter((row) => row.met === 'NO').length;
const text = `# Measured

${about.at}, commit ${about.commit}, ${about.machine}, load average at the end ${about.load.toFixed(1)}. Figures are medians with
(lowest-highest). Ratio: measured against the reference, or against what is asked where there is none.

${table.join('\n')}

${rows.filter((row) => row.met === 'yes').length} of ${rows.filter((row) => row.met).length} asked figures met${missed ? `, ${missed} not` : ''}.
`;
writeFileSync(markdown, text);
writeFileSync(data, `${JSON.stringify({ ...about, rows }, null, 1)}\n`);
process.stdout.write(text);
