/** An organisation's own events: the day on which an agreement came, and at once what follows from it, or why nothing does. */
import { amsterdamDay, isDay, writeDay, writeLongDay, yearOf } from '../../../calendars/days.ts';
import { isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { readDay } from '../../../calendars/typed-day.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent, type OwnEvent } from '../../../db/organisations/own-events.ts';
import { startedTerms, type StartedTerms } from '../../../db/organisations/own-terms.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { groundView } from '../parts/dutch.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { button, buttonLink } from '../parts/button.ts';
import { conflictOf, groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import { errorSummary, selectField, textField, type Field } from '../parts/field.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { roomAddress, roomForm, roomPath, roomText } from './frame.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';

const PATH = '/o/:id/gebeurtenissen';
const KIND = 'contract_received';
/** The contract years that one may name, from this year. */
const YEARS = [1, 2, 0] as const;

type Typed = Record<'insurer' | 'year' | 'on', string>;
type Faults = Partial<Typed>;

/** An event with what followed from it. */
type Told = OwnEvent & StartedTerms;

export function eventsPage(deps: Deps) {
  const { cache, change, clock, read } = deps;
  const find = async (ask: MemberAsk): Promise<Facts> => {
    const { id, relations } = ask.organisation;
    const { names } = await cache.refresh();
    const events = await listOwnEvents(read, id);
    const started = await startedTerms(read, id, events);
    const insurers = relations.map(({ insurerSlug }) => ({ slug: insurerSlug, name: names.get(insurerSlug) ?? insurerSlug }));
    return {
      names,
      insurers: insurers.sort((a, b) => compareNames(a.name, b.name, ask.language)),
      events: events.map((event) => ({ ...event, ...started.get(event.id)! })).toReversed(),
      today: amsterdamDay(clock()),
    };
  };
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      return eventsText(ask, facts, blank(facts));
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const { id } = ask.organisation;
      const removed = ask.fields.get('remove');
      if (removed !== null) {
        const { events } = await find(ask);
        const event = events.find((one) => one.id === removed);
        const isGone = await change(async (tx) => {
          const isThere = (await listOwnEvents(tx, id)).some((one) => one.id === removed);
          if (isThere) await removeOwnEvent(tx, id, removed, clock());
          return isThere;
        });
        const here = roomPath(ask, 'gebeurtenissen');
        return isGone && event ? onwardSaying(ask, here, goneDone(event)) : { onward: here };
      }
      const facts = await find(ask);
      const typed = typedIn(ask);
      const refuse = (faults: Faults) => {
        ask.reply.code(400);
        return eventsText(ask, facts, typed, faults);
      };
      const faults = faultsOf(typed, facts, ask.language);
      if (Object.keys(faults).length > 0) return refuse(faults);
      const event = { kind: KIND, insurer: typed.insurer, contractYear: Number(typed.year), occurredOn: typed.on } as const;
      try {
        const { id: eventId } = await change((tx) => recordOwnEvent(tx, id, event, clock()));
        return onwardSaying(ask, roomPath(ask, 'gebeurtenissen'), eventId);
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
        return refuse({ on: wordsIn(ask.language)('room:events.error.twice') });
      }
    });
  };
}

/** What was removed, so that the page can say it and give it back, and whether something was reported of what followed from it. */
const goneDone = ({ contractYear, insurerSlug, occurredOn, terms }: Told) =>
  ['weg', terms.some(({ completion }) => completion !== null) ? 'gemeld' : 'open', insurerSlug, contractYear, occurredOn].join('_');
const GONE = /^weg_(gemeld|open)_(.+)_(\d{4})_(\d{4}-\d\d-\d\d)$/;

/** What a form removed a moment ago; null where none did: the address is signed. */
function goneOf(ask: MemberAsk): { isReported: boolean; insurer: string; year: string; on: Day } | null {
  const [claimed = ''] = (new URL(ask.request.url, 'http://here.invalid').searchParams.get('gedaan') ?? '').split('.');
  const [, report, insurer, year, on] = GONE.exec(saidOf(ask, [claimed]) ?? '') ?? [];
  return report && insurer && year && on ? { isReported: report === 'gemeld', insurer, year, on } : null;
}

interface Facts {
  names: ReadonlyMap<string, string>;
  /** With whom the organisation deals, by name. */
  insurers: readonly { slug: string; name: string }[];
  /** The newest first. */
  events: readonly Told[];
  today: Day;
}

/** What stands in the form before anybody typed: the contract year that is being bought. */
function blank({ insurers, today }: Facts): Typed {
  const [only, another] = insurers;
  return { insurer: only && !another ? only.slug : '', year: String(yearOf(today) + YEARS[0]), on: '' };
}

function typedIn({ fields }: MemberAsk & FormAsk): Typed {
  const typed = (name: string) => (fields.get(name) ?? '').trim();
  return { insurer: typed('insurer'), year: typed('year'), on: readDay(typed('on')) ?? typed('on') };
}

function faultsOf({ insurer, on, year }: Typed, { insurers, today }: Facts, language: Language): Faults {
  const say = wordsIn(language);
  return {
    ...(insurers.some(({ slug }) => slug === insurer) ? {} : { insurer: say('room:events.error.insurer') }),
    ...(yearsOn(today).includes(year) ? {} : { year: say('room:events.error.year') }),
    ...(!isDay(on) ? { on: say('room:error.day') } : on > today ? { on: say('room:error.future') } : {}),
  };
}

const yearsOn = (today: Day) => YEARS.map((years) => String(yearOf(today) + years));

function eventsText(ask: MemberAsk, facts: Facts, typed: Typed, faults: Faults = {}): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { events, insurers } = facts;
  const said = saidOf(
    ask,
    events.map(({ id }) => id),
  );
  const newest = events.find(({ id }) => id === said);
  const content = html`${errorSummary(fieldsOf(faults, language), language)}
    ${newest === undefined ? '' : html`<div class="notice status" role="status">${toldOf(newest, facts, language)}</div>`}
    ${goneNotice(ask, facts)} ${role !== 'manager' ? '' : insurers.length === 0 ? noInsurers(ask) : eventForm(ask, facts, typed, faults)}
    <section aria-labelledby="events">
      <h2 id="events">${say('room:events.list')}</h2>
      ${events.length === 0 ? html`<p>${say('room:events.none')}</p>` : eventList(ask, facts)}
    </section>`;
  return roomText(ask, { page: 'gebeurtenissen', title: say('room:events.title'), lead: say('room:events.lead'), content });
}

/** What was removed and what becomes of what rested on it, with a button that reports it anew. */
function goneNotice(ask: MemberAsk, { names }: Facts): SafeHtml | '' {
  const gone = goneOf(ask);
  if (gone === null) return '';
  const { language } = ask;
  const say = wordsIn(language);
  const { insurer, isReported, on, year } = gone;
  const values = { insurer: names.get(insurer) ?? insurer, year, day: writeDay(on, language) };
  return html`<div class="notice status" role="status">
    <p>${say('room:events.gone', values)} ${isReported ? say('room:events.gone_report') : ''}</p>
    ${roomForm(
      ask,
      roomAddress(ask, 'gebeurtenissen'),
      html`${hidden('on', on)} ${hidden('insurer', insurer)} ${hidden('year', year)} ${button(say('room:events.undo'), 'plain')}`,
    )}
  </div>`;
}

const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}" />`;

function noInsurers(ask: MemberAsk): SafeHtml {
  const say = wordsIn(ask.language);
  return html`${notice(say('room:events.no_insurers'), 'caution')}
    <p>${buttonLink(roomAddress(ask, 'verzekeraars'), say('room:next.choose'))}</p>`;
}

function eventForm(ask: MemberAsk, facts: Facts, typed: Typed, faults: Faults): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const [insurer, year, on] = fieldsOf(faults, language) as [Field, Field, Field];
  const choose = { value: '', label: say('room:events.choose') };
  return roomForm(
    ask,
    roomAddress(ask, 'gebeurtenissen'),
    html`${textField({ ...on, value: typed.on, type: 'date' })}
    ${selectField({ ...insurer, value: typed.insurer, options: [choose, ...facts.insurers.map(({ slug, name }) => ({ value: slug, label: name }))] })}
    ${selectField({ ...year, value: typed.year, options: yearsOn(facts.today).map((value) => ({ value, label: value })) })}
    ${button(say('room:events.record'), 'primary')}`,
  );
}

/** The fields in their order, each with what is wrong with it. */
function fieldsOf(faults: Faults, language: Language): Field[] {
  const say = wordsIn(language);
  return [
    { name: 'insurer', label: say('room:events.insurer'), error: faults.insurer },
    { name: 'year', label: say('room:events.year'), hint: say('room:events.year_hint'), error: faults.year },
    { name: 'on', label: say('room:events.on'), hint: say('room:events.on_hint'), error: faults.on },
  ];
}

function eventList(ask: MemberAsk, facts: Facts): SafeHtml {
  const { language, role } = ask;
  const say = wordsIn(language);
  return html`<ul class="lines">
    ${facts.events.map(
      (event) =>
        html`<li>
          ${toldOf(event, facts, language)}
          ${
            role === 'manager'
              ? roomForm(
                  ask,
                  roomAddress(ask, 'gebeurtenissen'),
                  button(say('room:events.remove'), 'plain', { name: 'remove', value: event.id }),
                )
              : ''
          }
        </li>`,
    )}
  </ul>`;
}

/** What happened, and what follows: "→ Teken uiterlijk woensdag 16 december 2026." */
function toldOf(event: Told, { names, today }: Facts, language: Language): SafeHtml {
  const say = wordsIn(language);
  const { contractYear, insurerSlug, noTermReason, occurredOn, terms } = event;
  const insurer = names.get(insurerSlug) ?? insurerSlug;
  const values = { insurer, year: contractYear, day: writeDay(occurredOn, language) };
  return html`<p class="what">${say('room:events.happened', values)}</p>
    ${noTermReason === null ? terms.map(({ deadline }) => follows(deadline, today, language)) : html`<p>${say(`room:events.no_term.${noTermReason}`, values)}</p>`}`;
}

function follows(deadline: Deadline, today: Day, language: Language): SafeHtml {
  const say = wordsIn(language);
  const day = countingDay(deadline);
  const values = { day: day === null ? '' : writeLongDay(day, language), title: titleOf(deadline, language) };
  const name = deadline.activity === 'signing_term' ? 'sign' : 'act';
  const sure = isAssumed(deadline) ? '_around' : isProjected(deadline) ? '_expected' : '';
  const isPast = day !== null && day < today;
  // A day that is over asks for nothing: as likely another year was meant.
  const text = say(`room:events.follows.${day === null ? 'undated' : isPast ? `past${sure}` : `${name}${sure}`}`, values);
  const why = deadline.conflict === null ? groundOf(deadline, language) : conflictOf(deadline, language);
  return html`<p><strong>→ ${text}</strong> ${certaintyMark(deadline, language)}</p>
    ${isPast ? html`<p>${say('room:events.check_year', { year: deadline.contractYear })}</p>` : ''} ${groundView(why, 'small')}`;
}
