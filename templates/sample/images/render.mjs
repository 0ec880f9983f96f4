/**
 * Draws the PNGs of this folder anew: `node templates/sample/images/render.mjs`. Needs chromium (CHROMIUM=path if it
 * is not /usr/bin/chromium).
 */
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { drawings } from './drawings.mjs';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const page = await browser.newPage();
  for (const { name, width, height, transparent, svg } of drawings) {
    await page.setViewportSize({ width, height });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
    const png = await page.screenshot({ omitBackground: transparent });
    writeFileSync(new URL(`${name}.png`, import.meta.url), png);
    process.stdout.write(`${name}.png ${width} x ${height}, ${(png.length / 1024).toFixed(1)} kB\n`);
  }
} finally {
  await browser.close();
}
