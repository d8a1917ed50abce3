/** What an organisation that is to be will be mailed: by the rules by which it then is. */
import { writeLongDay } from '../../../calendars/days.ts';
import { assumedAmong, nextIn, silentAmong, type Foretold } from '../../../calendars/agenda/next.ts';
import { writeAssumptionLead, writeFirstOf, writeLeads } from '../../../calendars/reminders/lead-text.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { plainInput } from '../../../db/organisations/agenda-input.ts';
import { agendaFrom } from '../../../db/organisations/agendas.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { entryList } from '../parts/entries.ts';
import { entriesOf } from '../parts/entry-groups.ts';
import { pageAddress } from '../parts/page-link.ts';
import type { Typed } from './choices.ts';

/** How many of the first dates stand there. */
const SHOWN = 3;

/** What comes next for who chose so, and the day of the first reminder of who confirms today: what the welcome mail would say. */
export function foretell(registry: Snapshot, { digest, language, leadDays, preferred, roles, statuses }: Typed, today: Day) {
  const relations = [...statuses].map(([insurerSlug, contractStatus]) => ({
    insurerSlug,
    contractStatus,
    preferred: preferred.has(insurerSlug),
  }));
  const items = agendaFrom(registry, plainInput({ id: '', language, roles: [...roles], relations }));
  const recipient = { declined: [], digest, leadDays, pausedUntil: null };
  const reader = { recipient, language, today };
  const assumed = assumedAmong(items, today);
  return { ...nextIn('welcome', items, reader), hasAssumed: assumed.length > 0, isSomeSilent: silentAmong(assumed, reader).length > 0 };
}

/** That an assumption is told once, and that of some that moment is over; empty where nothing is only assumed. `language`: of the page. */
export function writeOnce({ hasAssumed, isSomeSilent }: ReturnType<typeof foretell>, { leadDays }: Typed, language: Language): string {
  const once = hasAssumed ? writeAssumptionLead(leadDays, language) : '';
  return once !== '' && isSomeSilent ? `${once} ${wordsIn(language)('page:enrol.once_over')}` : once;
}

/** What will be mailed and from when, with the first dates. */
export function foretoldView(ask: PageAsk, registry: Snapshot, typed: Typed, today: Day): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const foretold = foretell(registry, typed, today);
  const { next } = foretold;
  const once = writeOnce(foretold, typed, language);
  const entries = entriesOf(
    next.map(({ deadline }) => deadline),
    registry.names,
    language,
  ).slice(0, SHOWN);
  const mails = [
    say('page:enrol.mail.confirmation', { email: typed.email }),
    say('page:enrol.mail.welcome'),
    say('page:enrol.mail.reminders', { leads: writeLeads(typed, language) }),
    ...(once === '' ? [] : [once]),
    say('page:enrol.mail.changes'),
  ];
  return html`<section aria-labelledby="mails">
      <h2 id="mails">${say('page:enrol.mails')}</h2>
      <ul>
        ${mails.map((mail) => html`<li>${mail}</li>`)}
      </ul>
      <p><strong>${writeFirst('page:enrol.first', foretold, language)}</strong></p>
    </section>
    ${
      entries.length === 0
        ? ''
        : html`<section aria-labelledby="first">
            <h2 id="first">${say('page:enrol.first_dates')}</h2>
            ${entryList(entries, { addressOf: (id) => pageAddress(ask, `/datums/${id}`), language, today })}
          </section>`
    }`;
}

/** "Bevestigt u vandaag? Dan komt de eerste herinnering op maandag 7 december 2026.", and what that one is of. */
export function writeFirst(name: string, { firstOf, firstOn }: Pick<Foretold, 'firstOf' | 'firstOn'>, language: Language): string {
  const say = wordsIn(language);
  if (firstOn === null) return say('page:enrol.no_first');
  return [say(name, { day: writeLongDay(firstOn, language) }), writeFirstOf(firstOf, language)].join(' ').trim();
}
