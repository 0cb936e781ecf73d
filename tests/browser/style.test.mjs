/* Photographs the page with all components, for whoever looks after the design. The pictures are not compared. */
import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSite } from './site.mjs';

let site;

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    test(`/stijl, ${colorScheme}, ${width} wide`, async (t) => {
      const page = await site.open('/stijl', { colorScheme, width });
      const folder = join(process.env.AANJAGER_SCREENSHOTS ?? join(tmpdir(), 'aanjager-stijl'));
      await mkdir(folder, { recursive: true });
      const path = join(folder, `stijl-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
      assert.ok((await stat(path)).size > 20_000);
      t.diagnostic(path);
      await page.context().close();
    });
  }
}
