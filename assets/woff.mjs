/* From WOFF 1.0 (W3C) to the TrueType file that is inside: the same tables, unpacked. A PDF wants that. */
import { inflateSync } from 'node:zlib';

const HEADER = 44;
const WOFF_RECORD = 20;
const RECORD = 16;

function tablesOf(woff) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF file');
  return Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const at = HEADER + i * WOFF_RECORD;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((k) => woff.readUInt32BE(at + k));
    const bytes = woff.subarray(offset, offset + packed);
    return { tag: woff.subarray(at, at + 4), checksum, bytes: packed < length ? inflateSync(bytes) : bytes };
  });
}

const padded = (length) => (length + 3) & ~3;

export function trueTypeOf(woff) {
  const tables = tablesOf(woff);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  let at = 12 + tables.length * RECORD;
  const file = Buffer.alloc(tables.reduce((sum, t) => sum + padded(t.bytes.length), at));
  woff.copy(file, 0, 4, 8); /* the flavour */
  [tables.length, power * RECORD, Math.log2(power), (tables.length - power) * RECORD].forEach((v, i) => file.writeUInt16BE(v, 4 + 2 * i));
  tables.forEach((t, i) => {
    t.tag.copy(file, 12 + i * RECORD);
    [t.checksum, at, t.bytes.length].forEach((v, k) => file.writeUInt32BE(v, 16 + i * RECORD + 4 * k));
    t.bytes.copy(file, at);
    at += padded(t.bytes.length);
  });
  return file;
}
