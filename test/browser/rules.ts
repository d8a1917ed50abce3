/** What a page owes all its readers, as a browser sees it. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Where the tabulator stops. */
export const STOPS = 'a[href], button, input, select, summary, textarea';

/** What axe does not see: more or less than one h1, a second primary button, what is too small to touch. As text: it runs in the page. */
export const ODDITIES = `[
  ...(document.querySelectorAll('h1').length === 1 ? [] : ['h1']),
  ...[...document.querySelectorAll('.primary')].slice(1).map((node) => 'primary: ' + node.textContent),
  ...[...document.querySelectorAll('${STOPS}')]
    .filter((node) => node.checkVisibility() && !node.matches('.skip') && !node.closest('main p, main li li'))
    .filter((node) => node.getBoundingClientRect().height < 24 || node.getBoundingClientRect().width < 24)
    .map((node) => 'small: ' + node.outerHTML),
]`;

/** What axe finds of WCAG 2.2 AA, with the element. */
export async function brokenRules(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).setLegacyMode();
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
