/** The calendars of feeds, with their keys and tags: an organisation's, and the public one of an insurer. */
import { hash } from 'node:crypto';
import { addDays, amsterdamMoment } from '../../calendars/days.ts';
import { COUNTED_KINDS } from '../../calendars/deadlines/kinds.ts';
import { DEFAULT_CHOICES } from '../../calendars/ics/feed-choices.ts';
import { RENDERER_VERSION } from '../../calendars/ics/feed.ts';
import { DATED_KINDS, type Day } from '../../calendars/terms.ts';
import { insurersOf } from '../organisations/agenda.ts';
import type { FeedView, PublicView } from './contents.ts';
import type { LinkTarget } from '../organisations/links.ts';
import { choicesOf } from './feeds.ts';
import type { AgendaInput } from '../organisations/agenda-input.ts';
import { lastAssumedBefore, stateFor, type Snapshot } from '../registry/snapshot.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { RegistryState } from '../store/counters.ts';

/** A calendar in one state of its own. There may be very many: it holds nothing that its entries are made from. */
export interface Calendar {
  /** Its identity, as long as it exists. */
  readonly key: string;
  /** The prefix of its tags: another one for every change of what its content depends on beside the registry. */
  readonly own: string;
  /** When something of its own changed last, in milliseconds. */
  readonly changedAt: number;
  /** What of the registry its content depends on, today in Amsterdam. */
  readonly stateIn: (registry: Snapshot, today: Day) => CalendarState;
}

/** The version of a calendar's part of the registry. */
export interface CalendarState extends RegistryState {
  /** Up to which day all that is only assumed has left it; null where none has. */
  pastOn: Day | null;
}

/** The calendar of an organisation's feed in a year, and what was chosen for it; feeds for which nothing was chosen share one, with `view` null. */
export function feedCalendar(
  agendaInput: AgendaInput,
  { feed, moved }: Pick<LinkTarget, 'feed' | 'moved'>,
  year: number,
): { calendar: Calendar; view: FeedView | null } {
  const { id, version, createdAt, changedAt } = agendaInput.members[0]!;
  const choices = choicesOf(feed);
  const stateIn = stateOver(insurersOf(agendaInput));
  const isRenumbered = feed.sequence > 0 || agendaInput.sequenceNumbers.has(`groups:${feed.id}`);
  const isPlain = !moved && !isRenumbered && sameText(choices, DEFAULT_CHOICES);
  const organisationChangedAt = (changedAt ?? createdAt).getTime();
  if (isPlain)
    return {
      calendar: { key: id, own: ownTag(year, [id, version]), changedAt: Math.max(newYearOf(year), organisationChangedAt), stateIn },
      view: null,
    };
  const chosenAt = (feed.changedAt ?? feed.createdAt).getTime();
  const until = moved?.until.getTime() ?? '';
  return {
    calendar: {
      key: `${feed.id} ${until}`,
      own: ownTag(year, [id, version, feed.id, chosenAt, until]),
      changedAt: Math.max(newYearOf(year), organisationChangedAt, chosenAt, moved?.at.getTime() ?? 0),
      stateIn,
    },
    view: { id: feed.id, choices, sequenceNumber: { sequence: feed.sequence, changedAt: feed.restyledAt ?? feed.createdAt }, moved },
  };
}

/** An insurer's public calendar in a year; the insurer is in the registry. */
export function insurerCalendar({ slug, name }: { slug: string; name: string }, view: PublicView, year: number): Calendar {
  const key = publicKey(slug, view);
  const stateIn = (registry: Snapshot, today: Day) => {
    const { version, changedAt } = registry.parts.get(slug)!;
    return { version, changedAt, pastOn: lastAssumedBefore(registry, [slug], today) };
  };
  return { key, own: ownTag(year, [key, name]), changedAt: newYearOf(year), stateIn };
}

/** What a public calendar is called here: the same for the same kinds, in whatever order they were asked for. */
export function publicKey(slug: string, { language, kinds }: PublicView): string {
  const chosen = kinds && DATED_KINDS.filter((kind) => kinds.includes(kind));
  return [slug, language, ...(chosen && !sameText(chosen, COUNTED_KINDS) ? chosen : [])].join(' ');
}

/** The tag of a calendar's content in a state of the registry: another content has another tag. */
export function tagOf({ own }: Calendar, { version, pastOn }: CalendarState): string {
  return `${own}.${version.toString(36)}${pastOn === null ? '' : `.${pastOn}`}`;
}

/** When a calendar's content became what it is in a state, in milliseconds. */
export function changedAtIn({ changedAt }: Calendar, state: CalendarState): number {
  const leftAt = state.pastOn === null ? 0 : amsterdamMoment(addDays(state.pastOn, 1), '00:00').getTime();
  return Math.max(changedAt, state.changedAt.getTime(), leftAt);
}

/** When a year begins in Amsterdam, in milliseconds. */
export function newYearOf(year: number): number {
  return amsterdamMoment(`${year}-01-01`, '00:00').getTime();
}

/** A function of its own, so that a calendar keeps the slugs and not the input. */
export const stateOver = (slugs: readonly string[]) => (registry: Snapshot, today: Day) => ({
  ...stateFor(registry, slugs),
  pastOn: lastAssumedBefore(registry, slugs, today),
});

/** The prefix of tags: another one for other versions, another year, or another renderer. */
export function ownTag(year: number, versions: readonly (string | number)[]): string {
  const digest = hash('sha256', [RENDERER_VERSION, year, ...versions].join('\n'), 'buffer');
  return digest.subarray(0, 16).toString('base64url');
}
