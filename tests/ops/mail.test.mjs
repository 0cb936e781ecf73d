/* The program and a mail server with TLS: what it trusts, and what never leaves it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { SMTPServer } from 'smtp-server';

const run = promisify(execFile);
const PASSWORD = 'Zeer-Geheim-31415';
let folder;
const pem = {};

/* A certificate for these names, signed by its own authority: { key, cert, ca } as paths. */
async function makeCertificate(name, alternatives) {
  const at = (file) => join(folder, `${name}-${file}`);
  const openssl = (...words) => run('openssl', words);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name} CA`, '-keyout', at('ca.key'), '-out', at('ca.pem'));
  await openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', at('key.pem'), '-out', at('request.pem'));
  await writeFile(at('names'), `subjectAltName=${alternatives}\n`);
  await openssl('x509', '-req', '-in', at('request.pem'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
    '-days', '2', '-extfile', at('names'), '-out', at('cert.pem'));
  return { key: at('key.pem'), cert: at('cert.pem'), ca: at('ca.pem') };
}

/* { port, mails, sessions, commands, stop() } */
async function startServer(certificate, options = {}) {
  const mails = [];
  const commands = [];
  const server = new SMTPServer({
    key: await readFile(certificate.key),
    cert: await readFile(certificate.cert),
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: (auth, session, done) => {
      commands.push('AUTH');
      if (auth.username === 'aanjager' && auth.password === PASSWORD) done(null, { user: auth.username });
      else done(new Error(`Invalid login for ${auth.username} ${auth.password}`));
    },
    onMailFrom: (address, session, done) => {
      commands.push('MAIL');
      done();
    },
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk) => (text += chunk));
      stream.on('end', () => {
        mails.push({ text, secure: session.secure, user: session.user, to: session.envelope.rcptTo[0].address });
        done(null, 'taken');
      });
    },
    ...options,
  });
  server.on('error', () => {}); /* a client that does not trust us is no error of the test */
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { port: server.server.address().port, mails, commands, stop };
}

/* Runs a verb of the program; never rejects. */
async function aanjager(settings, words, env = {}) {
  const options = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const all = [`--data=${join(folder, 'data')}`, '--log_level=3', ...options, ...words];
  return new Promise((resolve) =>
    execFile(process.env.AANJAGER_BINARY, all, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, said: stdout + stderr })));
}

const tryOut = (settings, env) =>
  aanjager({ mail_from: 'noreply@aanjager.test', smtp_timeout_s: 5, ...settings }, ['mail', 'test', 'jan@gemeente.test'], env);

before(async () => {
  assert.ok(process.env.AANJAGER_BINARY, 'set AANJAGER_BINARY to the program to test');
  folder = await mkdtemp(join(tmpdir(), 'aanjager-mail-'));
  pem.good = await makeCertificate('good', 'DNS:localhost');
  pem.other = await makeCertificate('other', 'DNS:elders.test');
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`);
});
after(() => rm(folder, { recursive: true, force: true }));

for (const [kind, secure] of [['smtps', true], ['smtp', false]])
  test(`a mail arrives over ${kind}, encrypted and signed in`, async (t) => {
    const server = await startServer(pem.good, { secure });
    t.after(server.stop);
    const result = await tryOut({
      smtp_url: `${kind}://localhost:${server.port}`,
      smtp_ca_file: pem.good.ca,
      smtp_user: 'aanjager',
      smtp_password_file: join(folder, 'password'),
    });
    assert.equal(result.code, 0, result.said);
    assert.match(result.said, /Verstuurd\. De mailserver zegt: 250 taken/);
    assert.equal(server.mails.length, 1);
    const [mail] = server.mails;
    assert.equal(mail.secure, true);
    assert.equal(mail.user, 'aanjager');
    assert.equal(mail.to, 'jan@gemeente.test');
    assert.match(mail.text, /^Subject: Proefbericht van Aanjager\r$/m);
    assert.match(mail.text, /\r\n\r\nDit is een proefbericht\./);
  });

test('a certificate of another authority, or for another name, is not trusted', async (t) => {
  const server = await startServer(pem.good, { secure: true });
  const wrong = await startServer(pem.other, { secure: true });
  t.after(() => Promise.all([server.stop(), wrong.stop()]));
  for (const settings of [
    { smtp_url: `smtps://localhost:${server.port}`, smtp_ca_file: pem.other.ca },
    { smtp_url: `smtps://localhost:${server.port}` },
    { smtp_url: `smtps://localhost:${wrong.port}`, smtp_ca_file: pem.other.ca },
  ]) {
    const result = await tryOut({ ...settings, smtp_user: 'aanjager', smtp_password_file: join(folder, 'password') });
    assert.equal(result.code, 1, result.said);
    assert.match(result.said, /certificaat van de mailserver klopt niet/);
  }
  assert.deepEqual([server.mails, server.commands, wrong.mails, wrong.commands], [[], [], [], []]);
});

test('without STARTTLS nothing is said: no password, no address, no text', async (t) => {
  const server = await startServer(pem.good, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
  t.after(server.stop);
  const result = await tryOut({
    smtp_url: `smtp://localhost:${server.port}`,
    smtp_ca_file: pem.good.ca,
    smtp_user: 'aanjager',
    smtp_password_file: join(folder, 'password'),
  });
  assert.equal(result.code, 1, result.said);
  assert.match(result.said, /biedt geen beveiligde verbinding \(STARTTLS\) aan/);
  assert.deepEqual(server.commands, []);
});

test('on the machine itself, without smtp_ca_file, plain is enough', async (t) => {
  const server = await startServer(pem.good, { authOptional: true });
  t.after(server.stop);
  const result = await tryOut({ smtp_url: `smtp://127.0.0.1:${server.port}` });
  assert.equal(result.code, 0, result.said);
  assert.equal(server.mails[0].secure, false);
});

test('a wrong password is said, and no password is shown', async (t) => {
  const server = await startServer(pem.good, { secure: true });
  t.after(server.stop);
  const settings = { smtp_url: `smtps://localhost:${server.port}`, smtp_ca_file: pem.good.ca, smtp_user: 'aanjager' };
  const wrong = await tryOut(settings, { AANJAGER_SMTP_PASSWORD: 'Fout-Geheim-2718' });
  assert.equal(wrong.code, 1, wrong.said);
  assert.match(wrong.said, /weigert de naam of het wachtwoord/);
  const config = await aanjager(settings, ['config'], { AANJAGER_SMTP_PASSWORD: PASSWORD });
  assert.match(config.said, /smtp_password +omgeving +\*\*\*/);
  for (const { said } of [wrong, config]) {
    assert.doesNotMatch(said, /Geheim/);
    assert.ok(!said.includes(Buffer.from('Fout-Geheim-2718').toString('base64').slice(0, 12)));
  }
});

test('settings that cannot work are refused with words', async () => {
  for (const [settings, words] of [
    [{ smtp_url: 'smtp://naam:wachtwoord@localhost' }, /"smtp_url" klopt niet.*zonder naam en wachtwoord/],
    [{ smtp_url: 'http://localhost' }, /"smtp_url" klopt niet/],
    [{ smtp_url: 'smtp://localhost', mail_from: 'niemand' }, /"mail_from" moet een mailadres zijn/],
    [{ smtp_url: 'smtp://localhost', smtp_ca_file: '/bestaat/niet' }, /"smtp_ca_file" bestaat niet/],
    [{ smtp_url: 'smtp://localhost', smtp_password_file: '/bestaat/niet' }, /bestaat niet/],
  ]) {
    const result = await tryOut(settings);
    assert.notEqual(result.code, 0);
    assert.match(result.said, words);
  }
});
