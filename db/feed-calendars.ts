/** Calendars as they are kept in memory: what one hangs on beside the registry, an organisation's feed or an insurer's. */
import { hash } from 'node:crypto';
import { amsterdamMoment } from '../calendars/days.ts';
import { DEFAULT_CHOICES } from '../calendars/feed-choices.ts';
import { RENDERER_VERSION, renderHead, type CalendarHead } from '../calendars/feed.ts';
import type { Language } from '../calendars/terms.ts';
import { insurersOf } from './agenda.ts';
import { headFrom, type Head } from './calendar-bytes.ts';
import type { FeedView } from './feed-contents.ts';
import type { LinkTarget } from './feed-links.ts';
import { choicesOf } from './feeds.ts';
import type { Household } from './households.ts';
import { stateFor } from './registry.ts';
import { sameText } from './revisions.ts';
import type { Standing, Standings, State } from './standings.ts';

/**
 * A calendar, and the edition of it that was given last. There may be very many: it holds nothing that its events are made from, and first what
 * every poll needs, so that a poll touches little memory.
 */
export interface Calendar extends Head {
  /** What of the registry its last edition was made from; null before the first. */
  state: State | null;
  readonly standing: Standing;
  /** What its tags begin with: all that its content hangs on beside the registry, whose state follows behind a dot. */
  readonly own: string;
  /** When its last edition was modified, in whole seconds. */
  modified: number;
  /** Which calendar, as long as it exists. */
  readonly key: string;
  /** When something of its own changed last, in milliseconds. */
  readonly changedAt: number;
}

/** What a calendar is to be. */
export type Plan = Pick<Calendar, 'standing' | 'own' | 'key' | 'changedAt'> & CalendarHead;

/** The calendar of an organisation's feed in a year. Feeds for which nothing was chosen are all the same. `view`: what was chosen; null for those. */
export function feedCalendar(
  household: Household,
  { feed, moved }: Pick<LinkTarget, 'feed' | 'moved'>,
  year: number,
  standings: Standings,
): { plan: Plan; view: FeedView | null } {
  const { id, name, version, createdAt, ...organisation } = household.members[0]!;
  const choices = choicesOf(feed);
  const isPlain = !moved && feed.sequence === 0 && sameText(choices, DEFAULT_CHOICES);
  const view: FeedView | null = isPlain
    ? null
    : { id: feed.id, choices, mark: { sequence: feed.sequence, changedAt: feed.restyledAt ?? feed.createdAt }, moved };
  const chosenAt = feed.changedAt ?? feed.createdAt;
  const moments = [organisation.changedAt ?? createdAt, ...(isPlain ? [] : [chosenAt, moved?.at ?? chosenAt])];
  const ownVersions = isPlain ? [] : [feed.id, chosenAt.getTime(), moved?.until.getTime() ?? ''];
  const plan: Plan = {
    key: isPlain ? id : `${feed.id} ${moved?.until.getTime() ?? ''}`,
    own: ownTag(year, [id, version, ...ownVersions]),
    changedAt: Math.max(newYearOf(year), ...moments.map((moment) => moment.getTime())),
    standing: standingOf(household, showingOf(household, view, year), standings),
    name,
    language: choices.language ?? organisation.language,
  };
  return { plan, view };
}

/** An insurer's public calendar in a year. */
export function insurerCalendar(
  { slug, name }: { slug: string; name: string },
  language: Language,
  year: number,
  standings: Standings,
): Plan {
  const key = `${slug} ${language}`;
  return {
    key,
    own: ownTag(year, [key, name]),
    changedAt: newYearOf(year),
    standing: standings.named(`insurer ${slug}`, null, ({ parts }) => parts.get(slug) ?? null),
    name,
    language,
  };
}

/** A calendar that has no edition yet. Throws when its head cannot be rendered. */
export function newCalendar({ standing, own, key, changedAt, name, language }: Plan): Calendar {
  const { around, nameLines, crc } = headFrom(renderHead({ name, language }));
  return { state: null, standing, own, modified: 0, nameLines, around, crc, key, changedAt };
}

/** The name of its edition in a state of the registry: another content has another one. */
export const tagOf = (own: string, { at }: State) => `${own}.${at}`;

function standingOf(household: Household, showing: string | null, standings: Standings): Standing {
  const slugs = insurersOf(household).sort();
  return standings.named(showing ?? `insurers ${slugs.join()}`, showing, (registry) => stateFor(registry, slugs));
}

/** All that a household's events hang on beside the registry, when others may have the very same: no dates or notes of its own, nobody it delivers for. */
function showingOf({ members: [own, ...others], events, marks, completions }: Household, view: FeedView | null, year: number) {
  const notes = view?.choices.showCompleted ? completions.size : 0;
  // Whoever hears that nobody gets its reminders has a notice of its own among the events.
  if (!own || own.unremindedSince !== null || others.length > 0 || events.length > 0 || marks.size > 0 || notes > 0 || view?.moved)
    return null;
  const standing = own.dealings.map(({ insurerSlug, contractStatus }) => `${insurerSlug}:${contractStatus}`).sort();
  return hashOf([year, own.language, ...own.roles, '', ...standing, '', JSON.stringify(view && [view.choices, view.mark])]).toString(
    'base64url',
  );
}

function ownTag(year: number, versions: readonly (string | number)[]): string {
  // Encoded when it is short already: a piece of a string keeps all of it.
  return hashOf([RENDERER_VERSION, year, ...versions])
    .subarray(0, 16)
    .toString('base64url');
}

const hashOf = (parts: readonly (string | number)[]) => hash('sha256', parts.join('\n'), 'buffer');
const newYears = new Map<number, number>();

/** When a year begins in Amsterdam, in milliseconds: worked out once, since every calendar asks for it. */
export function newYearOf(year: number): number {
  const known = newYears.get(year) ?? amsterdamMoment(`${year}-01-01`, '00:00').getTime();
  newYears.set(year, known);
  return known;
}
