/** What may be chosen for a recipient: as the form shows it, as it comes back, and what is wrong with it. */
import { isDay } from '../../../../calendars/days.ts';
import { parseAddress, foldAddress } from '../../../../calendars/mail-address.ts';
import { DIGESTS, type Digest } from '../../../../calendars/reminders/reminders.ts';
import { LANGUAGES, type Day, type Language } from '../../../../calendars/terms.ts';
import { readDay } from '../../../../calendars/typed-day.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import type { RecipientChoices } from '../../../../db/recipients/recipients.ts';
import { DECLINABLE_KINDS, type DeclinableKind } from '../../../../db/schema/schema.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import { selectField, textField, type Field } from '../../parts/field.ts';
import { ticks } from '../../parts/ticks.ts';
import type { RecipientFacts } from './facts.ts';

export interface Typed {
  /** As "42, 14, 3, 0". */
  leads: string;
  digest: Digest;
  hour: string;
  /** Empty: the organisation's. */
  language: '' | Language;
  paused: string;
  deputy: string;
  until: string;
  position: string;
  /** The kinds of mail that are not to come. */
  unwanted: readonly DeclinableKind[];
}

const NAMES = ['leads', 'digest', 'hour', 'language', 'paused', 'deputy', 'until', 'position'] as const;
export type Faults = Partial<Record<(typeof NAMES)[number], string>>;
/** `isOwn`: the address is that of who reads, and so its to say again what it wants. */
type Numbered = RecipientFacts & { count: number; isOwn: boolean };

/** As `SendHour` of the API has it. */
const HOUR = /^((0[4-9]|1\d|2[01]):[0-5]\d|22:00)$/;
const [MOST_LEADS, MOST_DAYS] = [10, 365];

export function typedBy({ recipient }: RecipientFacts): Typed {
  const { declined, deputyEmail, deputyUntil, digest, language, leadDays, pausedUntil, position, sendHour } = recipient;
  return {
    leads: leadDays.join(', '),
    digest,
    hour: sendHour,
    language: language ?? '',
    paused: pausedUntil ?? '',
    deputy: deputyEmail ?? '',
    until: deputyUntil ?? '',
    position: String(position),
    unwanted: declined,
  };
}

export function typedIn({ fields }: FormAsk, facts: Numbered): Typed {
  const before = typedBy(facts);
  const typed = (name: string) => (fields.get(name) ?? '').trim();
  const day = (name: string) => readDay(typed(name)) ?? typed(name);
  const wanted = fields.getAll('wanted');
  return {
    leads: typed('leads'),
    digest: DIGESTS.find((one) => one === fields.get('digest')) ?? before.digest,
    hour: readHour(typed('hour')),
    language: LANGUAGES.find((one) => one === fields.get('language')) ?? '',
    paused: day('paused'),
    deputy: typed('deputy'),
    until: day('until'),
    position: typed('position') || before.position,
    // What the address itself declined nobody else asks for again.
    unwanted: DECLINABLE_KINDS.filter((kind) => (!facts.isOwn && before.unwanted.includes(kind)) || !wanted.includes(kind)),
  };
}

/** What was typed that does not fit. `today`: a pause and a deputy hold from then on. */
export function faultsOf(typed: Typed, { count, recipient }: Numbered, today: Day, language: Language): Faults {
  const say = wordsIn(language);
  const error = (name: string, values: Record<string, number> = {}) => say(`room:recipient.error.${name}`, values);
  const { deputy, hour, paused, position, until } = typed;
  const isNewPause = paused !== (recipient.pausedUntil ?? '');
  const email = deputy === '' ? null : parseAddress(deputy).address;
  const isItself = email !== null && foldAddress(email) === recipient.email;
  const faults: Record<keyof Faults, string | false> = {
    leads: leadsIn(typed.leads) === null && error('leads', { most: MOST_LEADS, days: MOST_DAYS }),
    digest: false,
    hour: !HOUR.test(hour) && error('hour'),
    language: false,
    paused: isNewPause && paused !== '' && (!isDay(paused) || paused <= today) && error('paused'),
    deputy: deputy !== '' && (email === null ? error('email') : isItself && error('deputy_itself')),
    until: deputy !== '' && (!isDay(until) || until < today) && error('until'),
    position: !(Number(position) >= 1 && Number(position) <= count) && error('position'),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== false));
}

/** What was typed without a fault, as it is kept. */
export function choicesOf({ deputy, digest, hour, language, leads, paused, position, until }: Typed): RecipientChoices {
  return {
    leadDays: leadsIn(leads) ?? [],
    digest,
    sendHour: hour,
    language: language === '' ? null : language,
    pausedUntil: paused === '' ? null : paused,
    deputy: deputy === '' ? null : { email: deputy, until },
    position: Number(position),
  };
}

/** "8:00" and "8.00" are eight o'clock, as "08:00" is; whatever else was typed stays as it is. */
function readHour(text: string): string {
  const [, hour, minutes] = /^(\d{1,2})[:.](\d{2})$/.exec(text) ?? [];
  return hour === undefined ? text : `${hour.padStart(2, '0')}:${minutes}`;
}

/** The numbers in "42, 14, 3 en 0"; null where it is something else. */
function leadsIn(text: string): number[] | null {
  const parts = text.split(/\s*(?:[,;\s]|\ben\b|\band\b)\s*/).filter((part) => part !== '');
  const days = [...new Set(parts.map(Number))];
  const areDays = days.every((day) => Number.isInteger(day) && day >= 0 && day <= MOST_DAYS);
  return areDays && days.length > 0 && days.length <= MOST_LEADS ? days : null;
}

export function choiceFields(facts: Numbered, typed: Typed, faults: Faults, language: Language): SafeHtml {
  const say = wordsIn(language);
  const fields = new Map(fieldsOf(faults, facts, language).map((field) => [field.name, field]));
  const field = (name: (typeof NAMES)[number]) => fields.get(name)!;
  const options = <T extends string>(name: string, values: readonly T[]) =>
    values.map((value) => ({ value, label: say(`room:${name}.${value}`) }));
  const declined = facts.recipient.declined;
  const offered = DECLINABLE_KINDS.filter((kind) => facts.isOwn || !declined.includes(kind));
  return html`${textField({ ...field('leads'), value: typed.leads })}
  ${selectField({ ...field('digest'), value: typed.digest, options: options('recipient.digests', DIGESTS) })}
  ${textField({ ...field('hour'), value: typed.hour })}
  ${selectField({ ...field('language'), value: typed.language, options: [{ value: '', label: say('room:recipient.language_own') }, ...options('language', LANGUAGES)] })}
  ${
    offered.length === 0
      ? ''
      : ticks({
          name: 'wanted',
          legend: say('room:recipient.kinds'),
          hint: say(facts.isOwn ? 'room:recipient.kinds_own' : 'room:recipient.kinds_hint'),
          options: options('recipient.kind', offered),
          chosen: offered.filter((kind) => !typed.unwanted.includes(kind)),
        })
  }
  ${textField({ ...field('paused'), value: typed.paused, type: 'date' })}
  ${textField({ ...field('deputy'), value: typed.deputy, type: 'email' })}
  ${textField({ ...field('until'), value: typed.until, type: 'date' })}
  ${facts.count > 1 ? textField({ ...field('position'), value: typed.position }) : ''}`;
}

/** The fields in their order, each with what is wrong with it. */
export function fieldsOf(faults: Faults, { count }: Numbered, language: Language): Field[] {
  const say = wordsIn(language);
  const hinted = new Set<string>(['leads', 'hour', 'paused', 'deputy', 'until', 'position']);
  return NAMES.map((name) => ({
    name,
    label: say(`room:recipient.field.${name}`),
    ...(hinted.has(name) ? { hint: say(`room:recipient.hint.${name}`, { count }) } : {}),
    error: faults[name],
  }));
}
