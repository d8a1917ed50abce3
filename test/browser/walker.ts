/** Somebody who walks through pages, by mouse or by keyboard alone, and counts what he does: a click or a filled field. */
import type { Page } from 'playwright-core';

/** What can be done on a page; names are what people read. */
export interface Walker {
  page: Page;
  /** Opens a link, and waits for its page. */
  follow: (name: string) => Promise<void>;
  /** Presses a button that leads to another page. */
  send: (name: string) => Promise<void>;
  /** Presses a button that stays on the page. */
  press: (name: string) => Promise<void>;
  choose: (label: string, option: string) => Promise<void>;
  tick: (label: string) => Promise<void>;
  fill: (label: string, text: string) => Promise<void>;
  /** Walking with the tabulator is no interaction. */
  count: () => number;
}

export function walkByMouse(page: Page): Walker {
  const { act, count } = counter();
  const link = (name: string) => page.getByRole('link', { name, exact: true }).first();
  const button = (name: string) => page.getByRole('button', { name }).first();
  return {
    page,
    count,
    follow: async (name) => act(landing(page, async () => link(name).click())),
    send: async (name) => act(landing(page, async () => button(name).click())),
    press: async (name) => act(button(name).click()),
    choose: async (label, option) => act(page.getByLabel(label).and(page.locator('select')).selectOption({ label: option })),
    tick: async (label) => act(page.getByLabel(label, { exact: true }).first().check()),
    fill: async (label, text) => act(page.getByLabel(label).first().fill(text)),
  };
}

export function walkByKeyboard(page: Page): Walker {
  const { act, count } = counter();
  const enter = async () => page.keyboard.press('Enter');
  const field = (label: string) => `node.labels && [...node.labels].some((one) => textOf(one).startsWith(${JSON.stringify(label)}))`;
  const called = (name: string) => `textOf(node).includes(${JSON.stringify(name)})`;
  return {
    page,
    count,
    follow: async (name) => {
      await walkTo(page, `node.matches('a') && textOf(node) === ${JSON.stringify(name)}`);
      await act(landing(page, enter));
    },
    send: async (name) => {
      await walkTo(page, `node.matches('button') && ${called(name)}`);
      await act(landing(page, enter));
    },
    press: async (name) => {
      await walkTo(page, `node.matches('button') && ${called(name)}`);
      await act(enter());
    },
    choose: async (label, option) => {
      await walkTo(page, `node.matches('select') && ${field(label)}`);
      await act(page.keyboard.type(option));
    },
    tick: async (label) => {
      // Of radio buttons the tabulator finds one, and the arrows the others.
      const group = `node.type === 'radio' && [...document.getElementsByName(node.name)].some((node) => ${field(label)})`;
      await walkTo(page, `(node.type === 'checkbox' && ${field(label)}) || (${group})`);
      await arrowTo(page, field(label));
      await act(page.keyboard.press('Space'));
    },
    fill: async (label, text) => {
      await walkTo(page, `node.matches('input, textarea') && ${field(label)}`);
      const isDay = await page.evaluate<boolean>('document.activeElement.type === "date"');
      if (!isDay) await page.keyboard.press('ControlOrMeta+A');
      // A field for a day has a place for each part of it, in the order of the browser's own language: month, day, year.
      await act(page.keyboard.type(isDay ? text.replace(/(\d+)-(\d+)-(\d+)/, '$2$3$1') : text));
    },
  };
}

/** More stops than any page has. */
const MOST_STOPS = 300;

/** Walks on with the tabulator until it stands on what fits. */
async function walkTo(page: Page, test: string): Promise<void> {
  const stands = standsOn(test);
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(stands)) return;
  }
  throw new Error(`nothing on the way is ${test}`);
}

/** Whether what has the focus fits. */
function standsOn(test: string): string {
  return `(() => {
    const textOf = (node) => (node.ariaLabel ?? node.textContent).replace(/[\\s\\u200b]+/g, ' ').trim();
    const node = document.activeElement;
    return Boolean(${test});
  })()`;
}

/** Presses the arrow until it stands on what fits; at once where it does. */
async function arrowTo(page: Page, test: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await page.evaluate<boolean>(standsOn(test))) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`no button of the group is ${test}`);
}

/** Does what leads to another page, and waits until that is there. */
async function landing(page: Page, act: () => Promise<unknown>): Promise<void> {
  const landed = page.waitForEvent('load');
  await act();
  await landed;
}

function counter() {
  let count = 0;
  const act = async (what: Promise<unknown>) => {
    count += 1;
    await what;
  };
  return { act, count: () => count };
}
