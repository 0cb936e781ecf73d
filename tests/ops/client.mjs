/* Clients: over HTTP/1.1 with TLS, over HTTP/2, and raw bytes. */
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { NAME } from './servers.mjs';

export const to = (port) => ({ host: '127.0.0.1', port, servername: NAME, rejectUnauthorized: false });

function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (rs) => {
      const parts = [];
      rs.on('data', (d) => parts.push(d));
      rs.on('error', reject);
      rs.on('end', () => {
        const all = [];
        for (let i = 0; i < rs.rawHeaders.length; i += 2) all.push([rs.rawHeaders[i].toLowerCase(), rs.rawHeaders[i + 1]]);
        resolve({ status: rs.statusCode, headers: rs.headers, all, body: Buffer.concat(parts) });
      });
    });
  });
}

/* { status, headers, all (pairs, each as it was sent), body } */
export function get(port, path, headers = {}, method = 'GET') {
  const request = https.request({ ...to(port), method, path, headers: { host: NAME, ...headers }, agent: false });
  request.end();
  return answerOf(request);
}

export function getPlain(port, path, headers = {}) {
  const request = http.request({ host: '127.0.0.1', port, path, headers: { host: NAME, ...headers }, agent: false });
  request.end();
  return answerOf(request);
}

/* Over HTTP/2: { protocol, ask(path, headers), close() }. */
export function openHttp2(port, authority = NAME) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`https://${authority}`, { createConnection: () => tls.connect({ ...to(port), ALPNProtocols: ['h2', 'http/1.1'] }) });
    session.on('error', reject);
    const ask = (path, headers = {}) =>
      new Promise((done, failed) => {
        const stream = session.request({ ':path': path, ...headers });
        const parts = [];
        let got;
        stream.on('response', (h) => (got = h));
        stream.on('data', (d) => parts.push(d));
        stream.on('end', () => done({ status: got[':status'], headers: got, body: Buffer.concat(parts) }));
        stream.on('error', failed);
        stream.end();
      });
    session.on('connect', () => resolve({ protocol: session.alpnProtocol, ask, close: () => session.close() }));
  });
}

/* Sends bytes over TLS; gives what came back until the other side closed or was silent for patience ms. */
export function raw(port, bytes, patience = 400) {
  return new Promise((resolve) => {
    const parts = [];
    let timer;
    const socket = tls.connect({ ...to(port), ALPNProtocols: ['http/1.1'] }, () => socket.write(bytes));
    const end = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: Buffer.concat(parts).toString('latin1'), closed });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => end(false), patience);
    };
    wait();
    socket.on('data', (d) => {
      parts.push(d);
      wait();
    });
    socket.on('error', () => end(true));
    socket.on('close', () => end(true));
  });
}

/* A TLS connection that sends the bytes and then nothing. */
export function hold(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...to(port), ALPNProtocols: ['http/1.1'] }, () => socket.write(bytes, () => resolve(socket)));
    socket.on('error', reject);
    socket.on('data', () => {});
  });
}
