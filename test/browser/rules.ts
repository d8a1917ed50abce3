/** What every page owes its readers, as a browser sees it. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Where the tabulator stops. */
export const STOPS = 'a[href], button, input:not([type=hidden]), select, summary, textarea';

/** What axe does not see: more or less than one h1, a second primary button, what is too small to touch. As text: it runs in the page. */
export const ODDITIES = `[
  ...(document.querySelectorAll('h1').length === 1 ? [] : ['h1']),
  ...[...document.querySelectorAll('.primary')].slice(1).map((node) => 'primary: ' + node.textContent),
  ...[...document.querySelectorAll('${STOPS}')]
    .filter((node) => node.checkVisibility() && !node.matches('.skip') && !node.closest('main p, main li li'))
    .filter((node) => node.getBoundingClientRect().height < 24 || node.getBoundingClientRect().width < 24)
    .map((node) => 'small: ' + node.outerHTML),
]`;

/** What axe finds of WCAG 2.2 AA, with the element; in the dark only what colours decide, since all else is the same page. */
export async function brokenRules(page: Page, scheme: 'light' | 'dark' = 'light'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (scheme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  else axe.withRules(['color-contrast', 'link-in-text-block']);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** What of these is broken on a page, on a phone and a desk, in light and dark; also where it has to be scrolled to the side (WCAG 1.4.10). */
export async function faultsOn(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const [colorScheme, width] of [
    ['light', 320],
    ['dark', 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const found = [...(await brokenRules(page, colorScheme)), ...(await page.evaluate<string[]>(ODDITIES))];
    if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > width) found.push('too wide');
    faults.push(...found.map((fault) => `${page.url()} ${colorScheme} ${width}: ${fault}`));
  }
  if ((await widthOfLargeLetters(page)) > 320) faults.push(`${page.url()}: too wide for large letters`);
  return faults;
}

/** How wide a page is on a phone of 320 pixels with letters twice as large (WCAG 1.4.4); it stays as it was. */
export async function widthOfLargeLetters(page: Page): Promise<number> {
  await page.setViewportSize({ width: 320, height: 800 });
  return page.evaluate<number>(`(() => {
    const { style } = document.documentElement;
    style.fontSize = parseFloat(getComputedStyle(document.documentElement).fontSize) * 2 + 'px';
    const width = document.documentElement.scrollWidth;
    style.fontSize = '';
    return width;
  })()`);
}
