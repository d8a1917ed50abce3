/** The page behind an invitation: its button makes whoever reads the invited address a member. It signs nobody in. */
import { TOKEN_PAGES } from '../../../calendars/people/links.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { acceptInvitation, findInvitation } from '../../../db/people/invitations.ts';
import type { App, Deps } from '../../deps.ts';
import { html } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { outcomeText, questionText, tokenPage } from './token-page.ts';

export function invitationPage(app: App, deps: Deps): void {
  const { change, clock, read } = deps;
  tokenPage(app, deps, {
    page: TOKEN_PAGES.member_invitation,
    words: 'invitation',
    async show(ask, token) {
      const found = await findInvitation(read, token, clock());
      return found && questionText(ask, `invitation.${found.role}`, { email: found.email, organisation: found.organisation.name });
    },
    async take(ask, token) {
      const found = await findInvitation(read, token, clock());
      const { organisationId, personId } = await change((tx) => acceptInvitation(tx, token, ask.language, clock()));
      const values = { email: found?.email ?? '', organisation: found?.organisation.name ?? '' };
      return outcomeText(ask, 'invitation.done', values, wayIn(ask, organisationId, personId));
    },
  });
}

/** Who is signed in with that address goes on at once; everybody else signs in first. */
function wayIn(ask: PageAsk, organisationId: string, personId: string) {
  const say = wordsIn(ask.language);
  const page = ask.reply.server.paths.has('/o/:id') ? `/o/${organisationId}` : `/o/${organisationId}/leden`;
  const { signedIn } = ask.request;
  const isIn = signedIn?.session.person.id === personId;
  const onward = new URLSearchParams({ naar: page, ...(signedIn === null ? {} : { opnieuw: 'ander' }) });
  const address = pageAddress(ask, isIn ? page : `/inloggen?${onward.toString()}`);
  return html`<p>${buttonLink(address, say(isIn ? 'account:invitation.onward' : 'account:sign_in.title'), 'primary')}</p>`;
}
