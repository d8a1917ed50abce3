/** Somebody who walks through the service by its pages alone: follows links, fills in forms as they stand, and reads mails in the outbox. */
import { setTimeout as pause } from 'node:timers/promises';
import { browserAt } from '../../helpers/http-browser.ts';
import { formsIn, linksIn, plainText, type PageForm } from '../../helpers/forms.ts';

export interface Visitor {
  /** The page that is open. */
  page: () => string;
  /** What can be read of it. */
  text: () => string;
  /** Where it stands, without the service's address. */
  path: () => string;
  open: (path: string) => Promise<void>;
  /** Opens what may be gone; false where it is. */
  finds: (path: string) => Promise<boolean>;
  /** Opens a link by what it says; of several the first. */
  follow: (label: string | RegExp) => Promise<void>;
  /** The form of this page that has this button; of several the first, or the first that `fits`. */
  form: (button: string | RegExp, fits?: (form: PageForm) => boolean) => PageForm;
  /** Fills in the form with this button, and sends it by that. */
  send: (
    button: string | RegExp,
    fill?: (form: PageForm) => void,
    file?: { name: string; bytes: Uint8Array<ArrayBuffer> },
  ) => Promise<void>;
  /** Sends a form by one of its buttons. */
  press: (form: PageForm, button: string | RegExp) => Promise<void>;
}

/** How long to wait for what the service does by itself. */
const PATIENCE_MS = 180_000;

export function visitorAt(origin: string): Visitor {
  const browser = browserAt(origin);
  let [page, path] = ['', '/'];
  const land = async (answer: Awaited<ReturnType<typeof browser.get>>, from: string) => {
    let [shown, at] = [answer, from];
    while (shown.location !== null) {
      const { hash, pathname, search } = new URL(shown.location, new URL(at, origin));
      at = `${pathname}${search}${hash}`;
      shown = await browser.get(`${pathname}${search}`);
    }
    [page, path] = [shown.body, at];
    if (shown.status >= 400) throw new Error(`${at} answered ${shown.status}: ${plainText(/<main.*<\/main>/s.exec(page)?.[0] ?? page)}`);
  };
  const open = async (to: string) => land(await browser.get(to.replace(/#.*/, '')), to);
  const form: Visitor['form'] = (button, fits = () => true) => {
    const has = (one: PageForm) => one.buttons.some((label) => (typeof button === 'string' ? label === button : button.test(label)));
    const found = formsIn(page).find((one) => has(one) && fits(one));
    if (!found) throw new Error(`${path} has no form with the button ${button}.`);
    return found;
  };
  const press = async (one: PageForm, button: string | RegExp, file?: { name: string; bytes: Uint8Array<ArrayBuffer> }) => {
    const pairs = one.pressed(button);
    const action = one.action || path;
    if (!one.takesFiles) return land(await browser.post(action, pairs), action);
    const data = new FormData();
    for (const [name, value] of pairs) data.append(name, value);
    if (file) data.append('file', new Blob([file.bytes], { type: 'text/plain' }), file.name);
    return land(await browser.postFile(action, data), action);
  };
  return {
    page: () => page,
    text: () => plainText(page),
    path: () => path,
    open,
    async finds(to) {
      const answer = await browser.get(to);
      if (answer.status !== 404) await land(answer, to);
      return answer.status !== 404;
    },
    async follow(label) {
      const link = linksIn(page).find((one) => (typeof label === 'string' ? one.label === label : label.test(one.label)));
      if (!link) throw new Error(`${path} has no link ${label}.`);
      const { hash, pathname, search } = new URL(link.href, new URL(path, origin));
      await open(`${pathname}${search}${hash}`);
    },
    form,
    async send(button, fill = () => {}, file) {
      const one = form(button);
      fill(one);
      await press(one, button, file);
    },
    press,
  };
}

/** The text of a mail to an address that fits and was not there before, once it stands in the outbox. */
export async function newMail(reader: Visitor, to: string, fits: RegExp, before: readonly string[]): Promise<string> {
  return waitFor(`a mail to ${to} that says ${fits}`, async () => {
    const texts = await mailsIn(reader, to);
    return texts.find((text) => fits.test(text) && !before.includes(text)) ?? null;
  });
}

/** The texts of all mails to an address that stand in the outbox, the newest first. */
export async function mailsIn(reader: Visitor, to: string): Promise<string[]> {
  await reader.open('/outbox');
  const items = reader.page().match(/<li>\s*<h2>.*?<\/li>/gs) ?? [];
  const texts: string[] = [];
  for (const item of items.filter((one) => plainText(one).includes(to))) {
    // It may be erased meanwhile.
    if (await reader.finds(linksIn(item)[0]!.href)) texts.push(plainText(/<pre[^>]*>.*?<\/pre>/s.exec(reader.page())?.[0] ?? ''));
  }
  return texts;
}

/** Asks until there is an answer. */
export async function waitFor<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > until) throw new Error(`Waited three minutes for ${what}.`);
    await pause(200);
  }
}
