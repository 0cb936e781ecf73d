/* Caddy with docs/ops/Caddyfile, in front of the program. */
import { proxyTests } from './proxy.mjs';

await proxyTests('caddy', '/usr/bin/caddy');
