/* Requests that two readers could understand differently, or that are no HTTP. Each goes over a connection of its own, to a
   path of its own; `inside` is a second request hidden where one reader sees a body. strict: nginx refuses it itself. */
import { NAME } from './servers.mjs';

const HOST = `Host: ${NAME}\r\n`;

export function malformedCases() {
  const cases = [];
  const add = (name, make, { strict = true } = {}) => {
    const path = `/vorm-${cases.length + 1}`;
    const inside = `GET ${path}-verborgen HTTP/1.1\r\n${HOST}\r\n`;
    cases.push({ name, path, strict, bytes: make(path, inside) });
  };
  const post = (path, headers, body = '') => `POST ${path} HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
  const chunk = (path, body) => post(path, 'Transfer-Encoding: chunked\r\n', body);

  add('no Host', (p) => `GET ${p} HTTP/1.1\r\n\r\n`);
  add('two Host', (p) => `GET ${p} HTTP/1.1\r\n${HOST}Host: ander.test\r\n\r\n`);
  add('Content-Length with Transfer-Encoding', (p, i) => post(p, `Content-Length: ${5 + i.length}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${i}`));
  add('two differing Content-Length', (p, i) => post(p, `Content-Length: 0\r\nContent-Length: ${i.length}\r\n`, i));
  add('Content-Length: 0, 31', (p, i) => post(p, `Content-Length: 0, ${i.length}\r\n`, i));
  add('Content-Length: +31', (p, i) => post(p, `Content-Length: +${i.length}\r\n`, i));
  add('Content-Length: -1', (p, i) => post(p, 'Content-Length: -1\r\n', i));
  add('Content-Length: 0x1f', (p, i) => post(p, 'Content-Length: 0x1f\r\n', i));
  add('Transfer-Encoding: xchunked', (p, i) => post(p, `Content-Length: ${5 + i.length}\r\nTransfer-Encoding: xchunked\r\n`, `0\r\n\r\n${i}`));
  add('Transfer-Encoding: gzip, chunked', (p, i) => post(p, `Content-Length: ${5 + i.length}\r\nTransfer-Encoding: gzip, chunked\r\n`, `0\r\n\r\n${i}`));
  add('space before the colon', (p, i) => post(p, `Content-Length: ${5 + i.length}\r\nTransfer-Encoding : chunked\r\n`, `0\r\n\r\n${i}`));
  add('bare line feeds', (p) => `GET ${p} HTTP/1.1\nHost: ${NAME}\n\n`, { strict: false });
  add('NUL in a header value', (p) => `GET ${p} HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`);
  add('%00 in the path', (p) => `GET ${p}%00 HTTP/1.1\r\n${HOST}\r\n`);
  add('folded header line', (p, i) => post(p, `X: a\r\n Content-Length: 0\r\n`, i), { strict: false });
  add('chunk extension ended by a line feed', (p, i) => chunk(p, `0;x\n${i}`), { strict: false });
  add('chunk size over 64 bits', (p, i) => chunk(p, `10000000000000002\r\nab\r\n0\r\n\r\n${i}`));
  add('chunk size -1', (p, i) => chunk(p, `-1\r\nab\r\n0\r\n\r\n${i}`));
  add('chunk size 2x', (p, i) => chunk(p, `2x\r\nab\r\n0\r\n\r\n${i}`));
  add('a 64 KiB header', (p) => `GET ${p} HTTP/1.1\r\n${HOST}X: ${'a'.repeat(65536)}\r\n\r\n`);
  add('2,000 headers', (p) => `GET ${p} HTTP/1.1\r\n${HOST}${Array.from({ length: 2000 }, (_, i) => `X-${i}: ${i}\r\n`).join('')}\r\n`);
  add('control character in the method', (p) => `G\x01T ${p} HTTP/1.1\r\n${HOST}\r\n`);
  add('http/1.1 in lower case', (p) => `GET ${p} http/1.1\r\n${HOST}\r\n`);
  add('HTTP/9.9', (p) => `GET ${p} HTTP/9.9\r\n${HOST}\r\n`);
  add('/../../etc/passwd', (p) => `GET ${p}/../../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`);
  add('absolute target for another host', (p) => `GET http://ander.test${p} HTTP/1.1\r\n${HOST}\r\n`, { strict: false });
  return cases;
}
