/** What a recipient chose of its own mails, as a form: which kinds, when, how often, a pause, the language, and what it wants no mail about. */
import { amsterdamDay, isDay, writeLongDay } from '../../../calendars/days.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { writeLeads } from '../../../calendars/reminders/lead-text.ts';
import { DIGESTS, type Digest } from '../../../calendars/reminders/reminders.ts';
import { LANGUAGES, type Day, type Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { chooseKind, mutedBy, unmuteDeadline } from '../../../db/recipients/preferences.ts';
import { changeRecipient } from '../../../db/recipients/recipients.ts';
import { DECLINABLE_KINDS, type DeclinableKind, type Recipient } from '../../../db/schema/schema.ts';
import type { Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { LEADS, leadTicks, readLeads } from '../parts/choices/lead-days.ts';
import { errorSummary, selectField, textField, type Field } from '../parts/field.ts';
import { ticks } from '../parts/ticks.ts';
import type { LinkHolder } from './mail-link.ts';

/** Says that a form keeps settings; whatever else is sent ends all mail, as mail programs ask for it. */
export const KEEP = 'keep';

interface Typed {
  kinds: readonly DeclinableKind[];
  leadDays: readonly number[];
  digest: Digest;
  /** As it was typed; empty: no pause. */
  pausedUntil: string;
  language: Language | null;
  /** The ids of deadlines of which mail is wanted again. */
  heard: readonly string[];
}

type Faults = Partial<Record<typeof LEADS | 'pausedUntil', string>>;

/** The settings as they are. */
export function settingsOf({ declined, digest, language, leadDays, pausedUntil }: Recipient): Typed {
  const kinds = DECLINABLE_KINDS.filter((kind) => !declined.includes(kind));
  return { kinds, leadDays, digest, language, pausedUntil: pausedUntil ?? '', heard: [] };
}

export function readSettings(fields: URLSearchParams): Typed {
  return {
    kinds: DECLINABLE_KINDS.filter((kind) => fields.getAll('kind').includes(kind)),
    leadDays: readLeads(fields),
    digest: DIGESTS.find((one) => one === fields.get('digest')) ?? 'daily',
    language: LANGUAGES.find((one) => one === fields.get('language')) ?? null,
    pausedUntil: (fields.get('pausedUntil') ?? '').trim(),
    heard: fields.getAll('heard'),
  };
}

/** What is wrong; a pause that is over already is none to choose, but one that stands there may stay. */
export function faultsOf(typed: Typed, { language, recipient }: LinkHolder, now: Date): Faults {
  const say = wordsIn(language);
  const { pausedUntil } = typed;
  const isKept = pausedUntil === (recipient.pausedUntil ?? '');
  const isGood = isKept || (isDay(pausedUntil) && pausedUntil > amsterdamDay(now));
  return {
    ...(typed.leadDays.length === 0 ? { [LEADS]: say('page:enrol.error.lead') } : {}),
    ...(isGood ? {} : { pausedUntil: say('page:settings.error.pause') }),
  };
}

/** Keeps them. What did not change is left as it is. */
export async function keepSettings({ change, clock }: Deps, { recipient: { id, organisationId } }: LinkHolder, typed: Typed) {
  const { digest, heard, kinds, language, leadDays, pausedUntil } = typed;
  return change(async (tx) => {
    const now = clock();
    const chosen = { leadDays: [...leadDays], digest, language, pausedUntil: pausedUntil === '' ? null : pausedUntil };
    let recipient = await changeRecipient(tx, organisationId, id, chosen, now);
    for (const kind of DECLINABLE_KINDS)
      if (kinds.includes(kind) === recipient.declined.includes(kind)) recipient = await chooseKind(tx, id, kind, kinds.includes(kind), now);
    const muted = await mutedBy(tx, id);
    for (const deadlineId of heard) if (muted.includes(deadlineId)) await unmuteDeadline(tx, id, deadlineId, now);
    return recipient;
  });
}

/** The form, with the sentence that it makes, and below it the way out of all mail. */
export async function settingsView(deps: Deps, holder: LinkHolder, typed: Typed, faults: Faults = {}): Promise<SafeHtml> {
  const { language, organisation } = holder;
  const say = wordsIn(language);
  const muted = await mutedShown(deps, holder);
  const pause: Field = {
    name: 'pausedUntil',
    label: say('page:settings.pause'),
    hint: say('page:settings.pause_hint'),
    error: faults.pausedUntil,
  };
  const same = say('page:settings.same_language', { language: say(`page:enrol.languages.${organisation.language}`) });
  return html`<p>${nowLine(holder, amsterdamDay(deps.clock()))}</p>
    ${errorSummary([{ name: LEADS, label: '', error: faults[LEADS] }, pause], language)}
    <form method="post" class="enrol" novalidate>
      <input type="hidden" name="${KEEP}" value="1" />
      ${ticks({
        name: 'kind',
        legend: say('page:settings.kinds'),
        options: DECLINABLE_KINDS.map((value) => ({ value, label: say(`page:unsubscribe.kind.${value}`) })),
        chosen: typed.kinds,
      })}
      ${leadTicks(
        typed.leadDays,
        { legend: say('page:enrol.lead_days'), hint: say('page:enrol.lead_days_hint'), error: faults[LEADS] },
        language,
      )}
      ${selectField({
        name: 'digest',
        label: say('page:enrol.digest'),
        value: typed.digest,
        options: DIGESTS.map((value) => ({ value, label: say(`page:digest.${value}`) })),
      })}
      ${textField({ ...pause, type: 'date', value: typed.pausedUntil })}
      ${selectField({
        name: 'language',
        label: say('page:enrol.language'),
        value: typed.language ?? '',
        options: [{ value: '', label: same }, ...LANGUAGES.map((value) => ({ value, label: say(`page:enrol.languages.${value}`) }))],
      })}
      ${
        muted.length === 0
          ? ''
          : ticks({
              name: 'heard',
              legend: say('page:settings.muted'),
              hint: say('page:settings.muted_hint'),
              options: muted.map(({ deadline, name }) => ({
                value: deadline.id,
                label: `${name} ${deadline.contractYear}: ${titleOf(deadline, language)}`,
              })),
              chosen: typed.heard,
            })
      }
      ${button(say('page:settings.keep'), 'primary')}
    </form>
    <form method="post" class="last">
      <p>${say('page:unsubscribe.all')}</p>
      ${button(say('page:unsubscribe.button'))}
    </form>`;
}

/** What its reader gets as it is, in a sentence or two. */
function nowLine({ language, recipient }: LinkHolder, today: Day): string {
  const say = wordsIn(language);
  const { declined, pausedUntil } = recipient;
  const reminders = declined.includes('reminder') ? 'none' : 'some';
  const now = say(`page:settings.now_${reminders}`, { leads: writeLeads(recipient, language) });
  return pausedUntil !== null && pausedUntil > today
    ? `${now} ${say('page:settings.paused', { day: writeLongDay(pausedUntil, language) })}`
    : now;
}

/** The deadlines to come of which it wants no mail, in the order in which it said so. */
async function mutedShown(
  { cache, clock, read }: Deps,
  { language, recipient }: LinkHolder,
): Promise<{ deadline: Deadline; name: string }[]> {
  const ids = await mutedBy(read, recipient.id);
  if (ids.length === 0) return [];
  const { names, parts } = await cache.refresh();
  const all = new Map([...parts.values()].flatMap(({ deadlines }) => deadlines.map((deadline) => [deadline.id, deadline] as const)));
  const today = amsterdamDay(clock());
  const sector = wordsIn(language)('common:sector');
  return ids.flatMap((id) => {
    const deadline = all.get(id);
    if (!deadline || deadline.status !== 'published' || isPast(countingDay(deadline), today)) return [];
    return [{ deadline, name: deadline.insurer === null ? sector : (names.get(deadline.insurer) ?? deadline.insurer) }];
  });
}

const isPast = (day: Day | null, today: Day) => day !== null && day < today;
