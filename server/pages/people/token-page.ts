/** Pages behind the links of mails to people: looking changes nothing, since robots open every link; a button does, once. */
import { wordsIn } from '../../../calendars/words.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type Onward, type PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';

type Answer = Promise<PageText | Onward | null>;

/** `show` and `take` get the token; null, and an error of kind `gone`, stand for a link that holds no longer, whose words are in `words`. */
interface TokenPage {
  /** The first part of its path, as `TOKEN_PAGES` names it. */
  page: string;
  /** Where its words are in account.json. */
  words: string;
  show: (ask: PageAsk, token: string) => Answer;
  take: (ask: FormAsk, token: string) => Answer;
}

export function tokenPage(app: App, deps: Pick<Deps, 'cache' | 'clock' | 'publicUrl'>, { page, show, take, words }: TokenPage): void {
  const path = `/${page}/:token`;
  servePage(app, deps, path, async (ask) => {
    ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    return (await show(ask, tokenOf(ask))) ?? goneText(ask, words);
  });
  takeForm(app, deps, path, async (ask) => {
    try {
      return (await take(ask, tokenOf(ask))) ?? goneText(ask, words);
    } catch (error) {
      if (error instanceof AppError && error.kind === 'gone') return goneText(ask, words);
      throw error;
    }
  });
}

/** A page with a sentence, and the one button that says yes. */
export function questionText(ask: PageAsk, words: string, values: Record<string, string>): PageText {
  const say = wordsIn(ask.language);
  const title = say(`account:${words}.title`, values);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`account:${words}.lead`, values)}</p>
    <form method="post">${button(say(`account:${words}.button`), 'primary')}</form>`;
  return { title, content };
}

/** A page that says what came of it. */
export function outcomeText(ask: PageAsk, words: string, values: Record<string, string>, below: SafeHtml | '' = ''): PageText {
  const say = wordsIn(ask.language);
  const title = say(`account:${words}_title`, values);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`account:${words}_text`, values)}</p>
    ${below}`;
  return { title, content };
}

function goneText(ask: PageAsk, words: string): PageText {
  ask.reply.code(410);
  const home = wordsIn(ask.language)('page:fault.home');
  return outcomeText(ask, `${words}.gone`, {}, html`<p><a href="${pageAddress(ask, '/')}">${home}</a></p>`);
}

/** The token in the address of a page behind a mail's link. */
export function tokenOf({ request }: PageAsk): string {
  return (request.params as { token: string }).token;
}
