/** What a calendar is made from: an organisation's feed from its household and its choices, an insurer's from the registry. */
import { hash } from 'node:crypto';
import { amsterdamMoment } from '../calendars/days.ts';
import { DEFAULT_CHOICES } from '../calendars/feed-choices.ts';
import { RENDERER_VERSION, renderHead } from '../calendars/feed.ts';
import type { Language } from '../calendars/terms.ts';
import { insurersOf } from './agenda.ts';
import type { Draft } from './editions.ts';
import { insurerContents, organisationContents, type FeedView } from './feed-contents.ts';
import type { LinkTarget } from './feed-links.ts';
import { choicesOf } from './feeds.ts';
import type { Household } from './households.ts';
import { stateFor, type Registry } from './registry.ts';
import { sameText } from './revisions.ts';

/** Makes the draft of one calendar from the registry as it is; null when there is nothing it could be made from. */
export type Drafter = (registry: Registry) => Draft | null;

/**
 * Drafts an organisation's feed in a calendar year. Feeds for which nothing was chosen are all the same, and share their bytes. `current` gives
 * the registry when the bytes are made.
 */
export function draftFeed(
  household: Household,
  { feed, moved }: Pick<LinkTarget, 'feed' | 'moved'>,
  year: number,
  current: () => Registry,
): Drafter {
  const { id, name, version, createdAt, ...organisation } = household.members[0]!;
  const slugs = insurersOf(household);
  const choices = choicesOf(feed);
  const isPlain = !moved && feed.sequence === 0 && sameText(choices, DEFAULT_CHOICES);
  const view: FeedView | null = isPlain
    ? null
    : { id: feed.id, choices, mark: { sequence: feed.sequence, changedAt: feed.restyledAt ?? feed.createdAt }, moved };
  const chosenAt = feed.changedAt ?? feed.createdAt;
  const ownChangedAt = [organisation.changedAt ?? createdAt, newYearOf(year), ...(isPlain ? [] : [chosenAt, moved?.at ?? chosenAt])].reduce(
    laterOf,
  );
  const ownVersions = isPlain ? [] : [feed.id, chosenAt.getTime(), moved?.until.getTime() ?? ''];
  const key = isPlain ? id : `${feed.id} ${moved?.until.getTime() ?? ''}`;
  const own = ownTag(year, [id, version, ...ownVersions]);
  const head = once(() => renderHead({ name, language: choices.language ?? organisation.language }));
  const showing = showingOf(household, view, year);
  const contents = () => organisationContents(household, current(), year, view);
  return (registry) => {
    const state = stateFor(registry, slugs);
    const at = state.version.toString(36);
    return {
      key,
      tag: `${own}.${at}`,
      changedAt: laterOf(ownChangedAt, state.changedAt),
      head,
      shared: showing && `${showing}.${at}`,
      contents,
    };
  };
}

/** Drafts an insurer's public feed in a calendar year. */
export function draftInsurerFeed(slug: string, language: Language, year: number, current: () => Registry): Drafter {
  return ({ names, parts }) => {
    const [name, part] = [names.get(slug), parts.get(slug)];
    if (name === undefined || !part) return null;
    const key = `${slug} ${language}`;
    return {
      key,
      tag: `${ownTag(year, [key])}.${part.version.toString(36)}`,
      changedAt: laterOf(newYearOf(year), part.changedAt),
      head: once(() => renderHead({ name, language })),
      shared: null,
      contents: () => insurerContents(current(), slug, language, year),
    };
  };
}

/** All that a household's events hang on beside the registry, when others may have the very same: no dates or notes of its own, nobody it delivers for. */
function showingOf({ members: [own, ...others], relations, events, marks, completions }: Household, view: FeedView | null, year: number) {
  const notes = view?.choices.showCompleted ? completions.size : 0;
  // Whoever hears that nobody gets its reminders has a notice of its own among the events.
  if (!own || own.unremindedSince !== null || others.length > 0 || events.length > 0 || marks.size > 0 || notes > 0 || view?.moved)
    return null;
  const standing = relations.map(({ insurerSlug, contractStatus }) => `${insurerSlug}:${contractStatus}`).sort();
  return digest([year, own.language, ...own.roles, '', ...standing, '', JSON.stringify(view && [view.choices, view.mark])]);
}

/** What a calendar's tags begin with: all that its content hangs on beside the registry, whose state follows behind a dot. */
function ownTag(year: number, versions: readonly (string | number)[]): string {
  return digest([RENDERER_VERSION, year, ...versions]).slice(0, 22);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const digest = (parts: readonly (string | number)[]) => hash('sha256', parts.join('\n'), 'base64url');
const laterOf = (one: Date, other: Date) => (other > one ? other : one);
const newYearOf = (year: number) => amsterdamMoment(`${year}-01-01`, '00:00');
