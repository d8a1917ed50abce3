/** The pages of people: signing in and out, and what is one's own. */
import type { App, Deps } from '../../deps.ts';
import { accountPage } from './account.ts';
import { addressPage } from './address.ts';
import { invitationPage } from './invitation.ts';
import { memberPages } from './member.ts';
import { membersPages } from './members.ts';
import { minePage } from './mine.ts';
import { signInPages } from './sign-in.ts';
import { signInLinkPages } from './sign-in-link.ts';
import { signOutPages } from './sign-out.ts';

export function peoplePages(deps: Deps) {
  return async (app: App) => {
    signInPages(app, deps);
    signInLinkPages(app, deps);
    signOutPages(app, deps);
    minePage(app, deps);
    accountPage(app, deps);
    addressPage(app, deps);
    invitationPage(app, deps);
    membersPages(app, deps);
    memberPages(app, deps);
  };
}
