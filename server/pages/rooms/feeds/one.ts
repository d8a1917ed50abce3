/** One feed of an organisation: what it shows, another link for it, and its end. */
import { wordsIn } from '../../../../calendars/words.ts';
import { changeFeed, deleteFeed, listFeeds, rotateFeed, type ListedFeed } from '../../../../db/feeds/feeds.ts';
import { takeTicket } from '../../../../db/people/tickets.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { freshFirst, freshNote, serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { roomAddress, roomForm, roomPath, roomText, shownBeforeText, ticketField, ticketOf, unknownActText } from '../frame.ts';
import { choicesOf, faultsOf, feedFields, fieldsOf, insurersOf, typedBy, typedIn, type Faults, type Typed } from './choices.ts';
import { newLink, prepareFeed } from './link.ts';
import { feedFacts } from './list.ts';

const PATH = '/o/:id/agenda/:feedId';
/** For so many days a link that was replaced still works, and says so. */
const OVERLAP_DAYS = 7;

export function feedPage(deps: Deps) {
  const { cache, change, clock, read } = deps;
  const find = async ({ language, organisation, request }: MemberAsk): Promise<Facts | null> => {
    const { feedId } = request.params as { feedId: string };
    const feed = (await listFeeds(read, organisation.id, clock())).find(({ id }) => id === feedId);
    return feed ? { feed, insurers: insurersOf(organisation, (await cache.refresh()).names, language) } : null;
  };
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      return facts && feedText(ask, facts, { typed: typedBy(facts.feed) });
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      if (!facts) return null;
      const { id } = facts.feed;
      const act = ask.fields.get('act');
      if (act === 'remove') {
        await change((tx) => deleteFeed(tx, ask.organisation.id, id, clock()));
        return onwardSaying(ask, roomPath(ask, 'agenda'), 'weg');
      }
      if (act === 'rotate' || act === 'replace') {
        const first = freshFirst(ask);
        if (first !== null) return first;
        const overlapDays = act === 'rotate' ? OVERLAP_DAYS : 0;
        const made = await change(async (tx) =>
          (await takeTicket(tx, ticketOf(ask), clock())) ? rotateFeed(tx, ask.organisation.id, id, { overlapDays }, clock()) : null,
        );
        if (made === null) return shownBeforeText(ask, 'feed', 'agenda', id);
        const { token, ...feed } = made;
        await prepareFeed(deps, token, ask.request.log);
        return feedText(ask, { ...facts, feed }, { typed: typedBy(feed), made: newLink(ask, deps, feed, token) });
      }
      if (act !== 'save') return unknownActText(ask, 'agenda', id);
      const typed = typedIn(ask);
      const faults = faultsOf(typed, ask.language);
      if (Object.keys(faults).length > 0) {
        ask.reply.code(400);
        return feedText(ask, facts, { typed, faults });
      }
      await change((tx) => changeFeed(tx, ask.organisation.id, id, choicesOf(typed, facts.insurers), clock()));
      return onwardSaying(ask, roomPath(ask, 'agenda', id), 'bewaard');
    });
  };
}

interface Facts {
  feed: ListedFeed;
  insurers: ReturnType<typeof insurersOf>;
}

interface Shown {
  typed: Typed;
  faults?: Faults;
  /** The link that was just made. */
  made?: SafeHtml;
}

function feedText(ask: MemberAsk, { feed, insurers }: Facts, { faults = {}, made, typed }: Shown): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const isSaved = saidOf(ask, ['bewaard']) !== null;
  const content = html`${errorSummary(fieldsOf(faults, language), language)} ${isSaved ? notice(say('room:saved'), 'status') : ''}
    ${made ?? ''} ${feedFacts(feed, insurers, language)} ${role === 'manager' ? forms(ask, { feed, insurers }, typed, faults) : ''}
    <p><a href="${roomAddress(ask, 'agenda')}">${say('room:feed.all')}</a></p>`;
  return roomText(ask, { page: 'agenda', title: feed.label, content });
}

function forms(ask: MemberAsk, { feed, insurers }: Facts, typed: Typed, faults: Faults): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const here = roomAddress(ask, 'agenda', feed.id);
  const acts = (name: string) =>
    button(say(`room:feed.${name}_button`), name === 'remove' ? 'grave' : 'plain', { name: 'act', value: name });
  return html`<section aria-labelledby="choices">
      <h2 id="choices">${say('room:feed.choices')}</h2>
      ${roomForm(ask, here, html`${feedFields(typed, faults, insurers, language)} ${button(say('room:save'), 'primary', { name: 'act', value: 'save' })}`)}
    </section>
    <section aria-labelledby="rotate">
      <h2 id="rotate">${say('room:feed.rotate')}</h2>
      <p>${say('room:feed.rotate_text', { count: OVERLAP_DAYS })}</p>
      ${freshNote(ask)}
      ${roomForm(
        ask,
        here,
        html`${ticketField()}
          <p class="acts">${acts('rotate')} ${acts('replace')}</p>`,
      )}
    </section>
    <section aria-labelledby="remove">
      <h2 id="remove">${say('room:feed.remove')}</h2>
      <p>${say('room:feed.remove_text')}</p>
      ${roomForm(ask, here, acts('remove'))}
    </section>`;
}
