/* What must hold behind either proxy, with the example as it is shipped. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { get, getPlain, hold, openHttp2, raw, to } from './client.mjs';
import { malformedCases } from './malformed.mjs';
import { NAME, freePort, installed, sleep, startApp, startEcho, startProxy } from './servers.mjs';

const ITEM = '/kennisbank/anterieure-overeenkomst';
const SECURITY = ['content-security-policy', 'strict-transport-security', 'x-content-type-options', 'x-frame-options',
  'referrer-policy', 'permissions-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'];

/* Registers the tests of one proxy; skips them all, and says so, where it is not installed. */
export async function proxyTests(kind, program) {
  if (!(await installed(program))) {
    test(`${kind}: not tested, ${program} is not installed`, { skip: true }, () => {});
    return;
  }
  let app;
  let proxy;
  let host; /* as the proxy passes it on, and so as public_url has it */

  before(async () => {
    const ports = { http: await freePort(), https: await freePort() };
    host = kind === 'nginx' ? NAME : `${NAME}:${ports.https}`; /* nginx passes the name without a port */
    app = await startApp(['--public-url', `https://${host}`, '--contact', 'mailto:veilig@voorbeeld.nl']);
    proxy = await startProxy(kind, app.port, { ports });
  });
  after(async () => {
    await proxy?.stop();
    await app?.stop();
  });

  const ask = (path, headers, method) => get(proxy.https, path, { host, ...headers }, method);
  const times = (answer, name) => answer.all.filter(([n]) => n === name).length;

  test(`${kind}: HTTP/2 is agreed on and gives the page`, async () => {
    const session = await openHttp2(proxy.https, host);
    assert.equal(session.protocol, 'h2');
    const answer = await session.ask(ITEM);
    assert.equal(answer.status, 200);
    assert.match(answer.body.toString(), /Anterieure overeenkomst/);
    session.close();
  });

  test(`${kind}: TLS 1.2 and 1.3 with forward secrecy; nothing older, nothing weaker`, async () => {
    const tryWith = (options) =>
      new Promise((resolve) => {
        const socket = tls.connect({ ...to(proxy.https), ...options }, () => {
          resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
          socket.destroy();
        });
        socket.on('error', (e) => resolve(e.code));
      });
    assert.match(await tryWith({ minVersion: 'TLSv1.3' }), /^TLSv1\.3 /);
    assert.match(await tryWith({ maxVersion: 'TLSv1.2' }), /^TLSv1\.2 TLS_ECDHE_/);
    assert.match(await tryWith({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), /^(ERR_|ECONN)/);
    const weak = ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES256-GCM-SHA384', 'DHE-RSA-AES256-SHA'];
    if (kind === 'nginx') assert.match(await tryWith({ maxVersion: 'TLSv1.2', ciphers: `${weak.join(':')}:@SECLEVEL=0` }), /^(ERR_|ECONN)/);
    else assert.match(await tryWith({ maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384:DHE-RSA-AES256-SHA:@SECLEVEL=0' }), /^(ERR_|ECONN)/);
  });

  test(`${kind}: the page is the same as without the proxy`, async () => {
    for (const path of ['/', ITEM, '/kennisbank/feed.atom', '/assets/app.css', '/api/v1/search?q=stikstof', '/.well-known/security.txt']) {
      const [direct, through] = [await getPlain(app.port, path, { host }), await ask(path, { 'accept-encoding': 'identity' })];
      assert.equal(through.status, 200, path);
      assert.equal(through.headers['content-type'], direct.headers['content-type']);
      assert.equal(through.headers['cache-control'], direct.headers['cache-control']);
      const stable = (body) => body.toString().replace(/^Expires: .*$/m, '');
      assert.equal(stable(through.body), stable(direct.body), path);
    }
  });

  test(`${kind}: compressed once`, async () => {
    for (const [path, mark] of [[ITEM, '</html>'], ['/kennisbank/feed.atom', '</feed>'], ['/assets/app.css', '}']]) {
      const plain = await ask(path, { 'accept-encoding': 'identity' });
      assert.equal(plain.headers['content-encoding'], undefined);
      assert.ok(plain.body.toString().trimEnd().endsWith(mark));
      for (const [accept, coding, unpack] of [['gzip', 'gzip', gunzipSync], ['gzip, deflate, br', 'br', brotliDecompressSync]]) {
        const packed = await ask(path, { 'accept-encoding': accept });
        assert.equal(packed.headers['content-encoding'], coding, path);
        assert.equal(times(packed, 'content-encoding'), 1);
        assert.match(packed.headers.vary ?? '', /accept-encoding/i);
        assert.ok(packed.body.length < plain.body.length / 2, path);
        assert.equal(unpack(packed.body).toString(), plain.body.toString());
      }
    }
    const font = await ask('/assets/fonts/atkinson-400.woff2', { 'accept-encoding': 'gzip' });
    assert.equal(font.headers['content-encoding'], undefined, 'a font is packed already');
  });

  test(`${kind}: a page that the browser has is not sent again`, async () => {
    const first = await ask('/kennisbank/feed.atom', { 'accept-encoding': 'gzip' });
    const again = await ask('/kennisbank/feed.atom', { 'accept-encoding': 'gzip', 'if-none-match': first.headers.etag });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
  });

  test(`${kind}: every security header once, also on errors and on what the proxy answers itself`, async () => {
    for (const path of ['/', ITEM, '/bestaat-niet', '/assets/app.js', '/kennisbank/feed.atom']) {
      const answer = await ask(path);
      for (const name of SECURITY) assert.equal(times(answer, name), 1, `${path} ${name}`);
    }
    const refused = await ask('/metrics');
    assert.equal(times(refused, 'strict-transport-security'), 1);
    const maxAge = Number(/max-age=(\d+)/.exec(refused.headers['strict-transport-security'])[1]);
    assert.ok(maxAge >= 31536000);
    for (const answer of [refused, await ask('/')]) assert.doesNotMatch(answer.headers.server ?? '', /\d|caddy/i, 'no version');
  });

  test(`${kind}: security.txt says where to report, for less than a year, and stands at the right address`, async () => {
    const text = (await ask('/.well-known/security.txt')).body.toString();
    assert.match(text, /^Contact: mailto:veilig@voorbeeld\.nl$/m);
    const expires = new Date(/^Expires: (.+)$/m.exec(text)[1]) - Date.now();
    assert.ok(expires > 86_400_000 && expires < 365 * 86_400_000);
    assert.ok(text.includes(`Canonical: https://${host}/.well-known/security.txt`));
  });

  test(`${kind}: /metrics is refused, however it is written`, async () => {
    const seen = app.requests().length;
    for (const path of ['/metrics', '/%6detrics', '/metrics?x=1', '//metrics', '/./metrics', '/x/../metrics', '/METRICS', '/metrics/']) {
      const { text } = await raw(proxy.https, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      assert.match(text, /^HTTP\/1\.1 (30[178]|40[034])/, path);
      assert.doesNotMatch(text, /aanjager_/, path);
    }
    assert.ok(!app.requests().slice(seen).includes('/metrics'), 'it did not reach the program');
  });

  test(`${kind}: http goes to https on the same name`, async () => {
    const answer = await getPlain(proxy.http, `${ITEM}?x=1`);
    assert.match(String(answer.status), /^30[18]$/);
    assert.match(answer.headers.location, new RegExp(`^https://${NAME}(:\\d+)?${ITEM}\\?x=1$`));
  });

  test(`${kind}: another name than public_url gets no page`, async () => {
    const wrong = await get(proxy.https, '/', { host: 'ander.test' }).catch((e) => ({ status: e.code, body: '' }));
    assert.notEqual(wrong.status, 200);
    assert.doesNotMatch(wrong.body.toString(), /woningbouw/);
    const direct = await getPlain(app.port, '/', { host: 'ander.test' });
    assert.equal(direct.status, 421);
  });

  test(`${kind}: what a visitor says about his own address is not passed on`, async () => {
    const echo = await startEcho();
    const other = await startProxy(kind, echo.port);
    try {
      const lies = { 'x-forwarded-for': '9.9.9.9, 10.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'kwaad.test',
        'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1;proto=http;host=kwaad.test' };
      const arrived = JSON.parse((await get(other.https, '/', { host: `${NAME}:${other.https}`, ...lies })).body);
      const of = (name) => arrived.filter(([n]) => n === name).map(([, v]) => v);
      assert.deepEqual(of('x-forwarded-for'), ['127.0.0.1']);
      assert.deepEqual(of('x-forwarded-proto'), ['https']);
      for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-host']) assert.deepEqual(of(name).filter((v) => /kwaad|127|9\.9/.test(v)), [], name);
      assert.equal(of('host').length, 1);
    } finally {
      await other.stop();
      await echo.stop();
    }
  });

  for (const { name, path, bytes, strict } of malformedCases()) {
    test(`${kind}: malformed, ${name}: never two requests for the program where the proxy saw one`, async () => {
      const { text } = await raw(proxy.https, bytes.replaceAll(`Host: ${NAME}\r\n`, `Host: ${host}\r\n`));
      await sleep(20);
      const answers = text.match(/^HTTP\/1\.[01] \d{3}/gm) ?? [];
      const reached = app.requests().filter((p) => p.startsWith(path));
      assert.ok(reached.length <= answers.length, `${reached} for ${answers}`);
      assert.ok(!text.includes('root:'), 'no file of the system');
      if (kind === 'nginx' && strict) assert.deepEqual(reached, [], `refused by nginx: ${answers}`);
      assert.equal((await ask('/over')).status, 200, 'the program is still there');
    });
  }

  test(`${kind}: slow visitors do not occupy the program, which has four connections here`, async () => {
    const small = await startApp(['--max-connections', '4']);
    const other = await startProxy(kind, small.port);
    try {
      const slow = await Promise.all([
        ...Array.from({ length: 8 }, () => hold(other.https, `GET ${ITEM} HTTP/1.1\r\nHost: ${NAME}\r\nX-Slow: `)),
        ...Array.from({ length: 8 }, () => hold(other.https, `POST ${ITEM} HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: 1000\r\n\r\nabc`)),
      ]);
      assert.ok(slow.every((s) => !s.destroyed), 'they are there');
      for (let i = 0; i < 3; i++) assert.equal((await get(other.https, ITEM, { host: NAME })).status, 200);
      for (const s of slow) s.destroy();
    } finally {
      await other.stop();
      await small.stop();
    }
  });

  test(`${kind}: a request that is too large is refused before the program sees it`, async () => {
    const seen = app.requests().length;
    const { text } = await raw(proxy.https, `POST /te-groot HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3000000\r\n\r\n${'a'.repeat(3_000_000)}`, 1500);
    assert.match(text, /^HTTP\/1\.1 413/);
    assert.deepEqual(app.requests().slice(seen).filter((p) => p === '/te-groot'), []);
  });

  test(`${kind}: while the program is away, visitors read what to do`, async () => {
    const nobody = await freePort();
    const other = await startProxy(kind, nobody);
    try {
      const answer = await get(other.https, '/', { host: `${NAME}:${other.https}` });
      assert.equal(answer.status, 503);
      assert.match(answer.body.toString(), /Laad de pagina dan opnieuw/);
      assert.match(answer.headers['content-type'], /^text\/html/);
      assert.ok(Number(answer.headers['retry-after']) > 0);
      assert.equal(times(answer, 'retry-after'), 1);
      assert.equal(times(answer, 'strict-transport-security'), 1);
    } finally {
      await other.stop();
    }
  });

  if (kind === 'nginx') nginxOnly();

  function nginxOnly() {
    test('nginx: who asks far too often waits; a page with all its parts comes through', async () => {
      /* One a second, so that a slow machine sees it too; 200 at once stays. */
      const other = await startProxy(kind, app.port, { more: ['/# CHANGE$/ s/rate=50r/rate=1r/'] });
      try {
        const session = await openHttp2(other.https);
        const wave = () => Promise.all(Array.from({ length: 60 }, () => session.ask('/assets/favicon.svg')));
        assert.ok((await wave()).every((a) => a.status === 200));
        const begin = performance.now();
        const answers = [...(await wave()), ...(await wave()), ...(await wave()), ...(await wave())];
        session.close();
        const refused = answers.filter((a) => a.status === 429);
        const later = Math.ceil((performance.now() - begin) / 1000) + 5;
        assert.ok(refused.length >= 300 - 201 - later, `${refused.length} refused`);
        assert.ok(refused.length > 0);
        assert.equal(refused[0].headers['retry-after'], '5');
        assert.match(refused[0].headers['strict-transport-security'], /max-age/);
      } finally {
        await other.stop();
      }
    });

    test('nginx: the log has no address and no search words', async () => {
      await ask('/zoeken?q=geheimwoord');
      await sleep(100);
      const log = await proxy.log();
      assert.match(log, / GET \/zoeken 200 /);
      assert.doesNotMatch(log, /geheimwoord|127\.0\.0\.1/);
    });
  }
}
