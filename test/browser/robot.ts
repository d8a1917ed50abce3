/** A robot in a real browser that presses whatever can be pressed, as mail scanners do that run scripts. */
import type { Page } from 'playwright-core';

/** Something to press on a page. */
interface Button {
  /** What it does: the same on whichever page it stands. */
  key: string;
  index: number;
  /** Whether it leads to a page. */
  leads: boolean;
}

/** More than any link leads to. */
const MOST_PRESSES = 200;

/**
 * Presses every button that the page has, and those of the pages that they lead to within the site, each once. `pressed`: what was pressed before.
 * `after` is called after each.
 */
export async function pressAll(page: Page, pressed: Set<string>, after: () => Promise<void>): Promise<void> {
  const start = page.url();
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
    let next = await nextOn(page, pressed);
    if (!next) {
      // What was pressed may have left another page here.
      await page.goto(start);
      next = await nextOn(page, pressed);
    }
    if (!next) return;
    pressed.add(next.key);
    await press(page, next);
    await after();
  }
  throw new Error(`${start} leads to more buttons than can be pressed`);
}

async function nextOn(page: Page, pressed: ReadonlySet<string>): Promise<Button | undefined> {
  const buttons = await page.evaluate<Button[]>(BUTTONS);
  return buttons.find(({ key }) => !pressed.has(key));
}

/** A browser's own check of a field stops no robot. */
async function press(page: Page, { index, leads }: Button): Promise<void> {
  const landed = leads ? page.waitForEvent('load') : null;
  await page.evaluate(`(() => {
    for (const form of document.forms) form.noValidate = true;
    const node = [...document.querySelectorAll('${PRESSED}')][${index}];
    setTimeout(() => node.click());
  })()`);
  await landed;
}

const PRESSED = 'button, input[type=submit], a.button';

/** As text: it runs in the page. Calendars are for other programs, and what differs from one showing of a form to the next is no other form. */
const BUTTONS = `[...document.querySelectorAll('${PRESSED}')].flatMap((node, index) => {
  if (node.href !== undefined) {
    const { href, origin, pathname } = new URL(node.href);
    return origin === location.origin && !pathname.endsWith('.ics') ? [{ key: href, index, leads: true }] : [];
  }
  const { form } = node;
  if (form === null || node.type === 'button') return [{ key: location.pathname + ' ' + node.textContent, index, leads: false }];
  const { pathname } = new URL(form.getAttribute('action') ?? '', location.href);
  const hidden = [...form.querySelectorAll('input[type=hidden]')].filter(({ name }) => name !== 'ticket' && name !== 'session');
  const sent = [...hidden, node].map(({ name, value }) => name + '=' + value);
  return [{ key: [form.method, pathname, ...sent].join(' '), index, leads: true }];
})`;
