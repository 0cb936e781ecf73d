/* nginx with docs/ops/nginx.conf, in front of the program. */
import { proxyTests } from './proxy.mjs';

await proxyTests('nginx', '/usr/sbin/nginx');
