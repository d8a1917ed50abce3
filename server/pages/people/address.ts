/** The page behind the two mails about a new address: it holds once both addresses said yes, the former one by who is signed in. */
import { confirmAddressChange, findAddressChange } from '../../../db/people/address-changes.ts';
import { TOKEN_PAGES } from '../../../calendars/people/links.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { forgetSession } from '../session/session.ts';
import { outcomeText, questionText, tokenPage } from './token-page.ts';

export function addressPage(app: App, deps: Deps): void {
  const { change, clock, publicUrl, read } = deps;
  tokenPage(app, deps, {
    page: TOKEN_PAGES.address_change,
    words: 'address',
    async show(ask, token) {
      const found = await findAddressChange(read, token, clock());
      if (found === null) return null;
      if (isForSomebodyElse(ask, found)) return signInFirstText(ask, token);
      return questionText(ask, found.isNew ? 'address.new' : 'address.former', { email: found.email });
    },
    async take(ask, token) {
      const found = await findAddressChange(read, token, clock());
      if (found === null) return null;
      if (isForSomebodyElse(ask, found)) return signInFirstText(ask, token);
      const outcome = await change((tx) => confirmAddressChange(tx, token, clock()));
      if (outcome === 'taken') ask.reply.code(409);
      // The session ended with the former address.
      if (outcome === 'changed' && isSignedIn(ask, found.personId)) {
        forgetSession(ask.reply, publicUrl);
        ask.request.signedIn = null;
      }
      return outcomeText(ask, `address.${outcome}`, { email: found.email });
    },
  });
}

const isSignedIn = ({ request }: PageAsk, personId: string) => request.signedIn?.session.person.id === personId;

/** A robot that opens mails, and whoever a mail was forwarded to, press buttons too; neither is signed in. */
function isForSomebodyElse(ask: PageAsk, { isNew, personId }: { isNew: boolean; personId: string }): boolean {
  return !isNew && !isSignedIn(ask, personId);
}

function signInFirstText(ask: PageAsk, token: string): PageText {
  const { language, reply, request } = ask;
  if (request.method === 'POST') reply.code(403);
  const onward = new URLSearchParams({
    naar: `/${TOKEN_PAGES.address_change}/${token}`,
    ...(request.signedIn === null ? {} : { opnieuw: 'ander' }),
  });
  const signIn = buttonLink(pageAddress(ask, `/inloggen?${onward.toString()}`), wordsIn(language)('account:sign_in.title'), 'primary');
  return outcomeText(ask, 'address.sign_in_first', {}, html`<p>${signIn}</p>`);
}
