/** The page behind the two mails about a new address: it holds once both addresses said yes. */
import { confirmAddressChange, findAddressChange } from '../../../db/people/address-changes.ts';
import { TOKEN_PAGES } from '../../../calendars/people/links.ts';
import type { App, Deps } from '../../deps.ts';
import { outcomeText, questionText, tokenPage } from './token-page.ts';

export function addressPage(app: App, deps: Deps): void {
  const { change, clock, read } = deps;
  tokenPage(app, deps, {
    page: TOKEN_PAGES.address_change,
    words: 'address',
    async show(ask, token) {
      const found = await findAddressChange(read, token, clock());
      return found && questionText(ask, found.isNew ? 'address.new' : 'address.former', { email: found.email });
    },
    async take(ask, token) {
      const found = await findAddressChange(read, token, clock());
      const outcome = await change((tx) => confirmAddressChange(tx, token, clock()));
      if (outcome === 'taken') ask.reply.code(409);
      return outcomeText(ask, `address.${outcome}`, { email: found?.email ?? '' });
    },
  });
}
