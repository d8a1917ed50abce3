/** The pages of an organisation, for its members. */
import type { App, Deps } from '../../deps.ts';
import { belongingsPages } from './belongings/belongings.ts';
import { dutyPage } from './duty.ts';
import { eventsPage } from './events.ts';
import { feedListPage } from './feeds/list.ts';
import { feedPage } from './feeds/one.ts';
import { keysPage } from './keys.ts';
import { messagesPage } from './messages.ts';
import { overviewPage } from './overview.ts';
import { recipientListPage } from './recipients/list.ts';
import { recipientPage } from './recipients/one.ts';
import { standingPage } from './standing.ts';
import { stepsPage } from './steps/list.ts';

export function roomPages(deps: Deps) {
  return async (app: App) => {
    await app.register(overviewPage(deps));
    await app.register(dutyPage(deps));
    await app.register(eventsPage(deps));
    await app.register(stepsPage(deps));
    await app.register(standingPage(deps));
    await app.register(recipientListPage(deps));
    await app.register(recipientPage(deps));
    await app.register(feedListPage(deps));
    await app.register(feedPage(deps));
    await app.register(keysPage(deps));
    await app.register(messagesPage(deps));
    await app.register(belongingsPages(deps));
  };
}
