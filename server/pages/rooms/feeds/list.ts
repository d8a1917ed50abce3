/** An organisation's feeds: what each shows, who fetched it last, and a form that makes one. A link is shown this once. */
import { amsterdamDay, writeDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import type { Language } from '../../../../calendars/terms.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import { createFeed, listFeeds, MOST_FEEDS, type ListedFeed } from '../../../../db/feeds/feeds.ts';
import { takeTicket } from '../../../../db/people/tickets.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { freshFirst, freshNote, serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { saidOf } from '../../session/said.ts';
import { roomAddress, roomForm, roomText, shownBeforeText, ticketField, ticketOf } from '../frame.ts';
import {
  BLANK,
  choiceSentence,
  choicesOf,
  faultsOf,
  feedFields,
  fieldsOf,
  insurersOf,
  typedIn,
  type Faults,
  type Typed,
} from './choices.ts';
import { newLink, prepareFeed } from './link.ts';

const PATH = '/o/:id/agenda';
/** There are as many as there may be. */
const FULL = 'full' as const;

export function feedListPage(deps: Deps) {
  const { cache, change, clock, read } = deps;
  const find = async ({ language, organisation }: MemberAsk): Promise<Facts> => ({
    feeds: await listFeeds(read, organisation.id, clock()),
    insurers: insurersOf(organisation, (await cache.refresh()).names, language),
  });
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => listText(ask, await find(ask), { typed: BLANK }));
    // A link works for ever, also for who found a browser that somebody left signed in.
    takeMemberForm(app, deps, PATH, async (ask) => {
      const first = freshFirst(ask);
      if (first !== null) return first;
      const facts = await find(ask);
      const typed = typedIn(ask);
      const faults = faultsOf(typed, ask.language);
      if (Object.keys(faults).length > 0) {
        ask.reply.code(400);
        return listText(ask, facts, { typed, faults });
      }
      const made = await change(async (tx) =>
        (await takeTicket(tx, ticketOf(ask), clock()))
          ? createFeed(tx, ask.organisation.id, choicesOf(typed, facts.insurers), clock())
          : null,
      ).catch((error: unknown): typeof FULL => {
        if (error instanceof AppError && error.kind === 'conflict') return FULL;
        throw error;
      });
      if (made === FULL) {
        ask.reply.code(400);
        const full = wordsIn(ask.language)('room:feed.error.full', { most: MOST_FEEDS });
        return listText(ask, facts, { typed, faults: { label: full } });
      }
      if (made === null) return shownBeforeText(ask, 'feed', 'agenda');
      const { token, ...feed } = made;
      await prepareFeed(deps, token, ask.request.log);
      return listText(ask, await find(ask), { typed: BLANK, made: newLink(ask, deps, feed, token) });
    });
  };
}

interface Facts {
  feeds: readonly ListedFeed[];
  /** With whom the organisation deals, by name. */
  insurers: readonly { value: string; label: string }[];
}

interface Shown {
  typed: Typed;
  faults?: Faults;
  /** The link that was just made. */
  made?: SafeHtml;
}

function listText(ask: MemberAsk, { feeds, insurers }: Facts, { faults = {}, made, typed }: Shown): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const isRemoved = saidOf(ask, ['weg']) !== null;
  const content = html`${errorSummary(fieldsOf(faults, language), language)} ${made ?? ''}
  ${isRemoved ? notice(say('room:feed.removed'), 'status') : ''}
  ${feeds.length === 0 ? html`<p>${say('room:feed.none')}</p>` : feeds.map((feed) => feedSection(ask, feed, insurers))}
  ${
    role !== 'manager'
      ? ''
      : html`<section aria-labelledby="make">
          <h2 id="make">${say('room:feed.make')}</h2>
          <p>${say('room:feed.make_text')}</p>
          ${freshNote(ask)}
          ${roomForm(
            ask,
            roomAddress(ask, 'agenda'),
            html`${ticketField()} ${feedFields(typed, faults, insurers, language)}
            ${button(say('room:feed.make_button'), made === undefined ? 'primary' : 'plain')}`,
          )}
        </section>`
  }`;
  return roomText(ask, { page: 'agenda', title: say('room:feed.title'), lead: say('room:feed.lead'), content });
}

function feedSection(ask: MemberAsk, feed: ListedFeed, insurers: Facts['insurers']): SafeHtml {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { id, label } = feed;
  return html`<section class="card" aria-labelledby="f-${id}">
    <h2 id="f-${id}">${label}</h2>
    ${feedFacts(feed, insurers, language)}
    ${
      role === 'manager'
        ? html`<p>
            <a href="${roomAddress(ask, 'agenda', id)}">${say('room:feed.change')} <span class="unseen">${label}</span></a>
          </p>`
        : ''
    }
  </section>`;
}

/** What a feed shows, when it was made and fetched, and until when its former link works. */
export function feedFacts(feed: ListedFeed, insurers: Facts['insurers'], language: Language): SafeHtml {
  const say = wordsIn(language);
  const { client, createdAt, formerLinkEndsAt, lastFetchedOn } = feed;
  const day = (moment: Date) => writeDay(amsterdamDay(moment), language);
  const fetched =
    lastFetchedOn === null
      ? say('room:feed.never')
      : say('room:feed.fetched', { day: writeDay(lastFetchedOn, language), client: client ?? say('room:feed.some_app') });
  return html`<ul>
    <li>${choiceSentence(feed, insurers, language)}</li>
    <li>${say('room:feed.made_on', { day: day(createdAt) })} ${fetched}</li>
    ${formerLinkEndsAt === null ? '' : html`<li>${say('room:feed.former', { day: day(formerLinkEndsAt) })}</li>`}
  </ul>`;
}
