/* nginx with docs/ops/nginx.conf, in front of the program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { get } from './client.mjs';
import { proxyTests } from './proxy.mjs';
import { NAME, canBrotli, startApp, startProxy } from './servers.mjs';

await proxyTests('nginx', '/usr/sbin/nginx');

const skip = (await canBrotli()) ? false : 'libnginx-mod-http-brotli-filter is not installed';

test('nginx: with the lines for brotli, too, it compresses once', { skip }, async () => {
  const app = await startApp(['--public-url', `https://${NAME}`]);
  const proxy = await startProxy('nginx', app.port, { brotli: true });
  try {
    const path = '/kennisbank/anterieure-overeenkomst';
    const plain = await get(proxy.https, path, { 'accept-encoding': 'identity' });
    const brotli = await get(proxy.https, path, { 'accept-encoding': 'gzip, deflate, br' });
    const gzip = await get(proxy.https, path, { 'accept-encoding': 'gzip' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.equal(brotliDecompressSync(brotli.body).toString(), plain.body.toString());
    assert.equal(gunzipSync(gzip.body).toString(), plain.body.toString());
    assert.ok(brotli.body.length <= gzip.body.length);
  } finally {
    await proxy.stop();
    await app.stop();
  }
});
