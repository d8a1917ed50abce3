/** From proposals to what an entry of the registry would say: what the sentences say and nothing else; what they leave open an editor adds. */
import { HAVE_DAYS } from '../deadlines/content.ts';
import type { Conflict, Content, Source } from '../deadlines/deadline.ts';
import type { Activity, Day } from '../terms.ts';
import { wordsIn } from '../words.ts';
import type { Joined } from './joining.ts';
import type { Proposal } from './proposal.ts';

/** An entry as far as a document words it. */
export interface DraftedEntry {
  activity: Activity | null;
  /** Which quarter, where something may begin in each; null elsewhere. */
  slot: number | null;
  /** Of a requirement: the first words of its title, as a key is written. */
  requirementKey: string | null;
  content: Partial<Content>;
}

/**
 * What of a drafted entry changes one that is there: its day with what proves it, and what the document says beside it. The title and the duty stay.
 * A sentence that names no day says nothing of the one that stands: it is quoted beside what proves that.
 */
export function amendmentOf(
  { channel, consequence, extension, ...content }: Partial<Content>,
  standing: Pick<Content, 'certainty' | 'sources'>,
): Partial<Content> {
  const beside = {
    ...(channel == null ? {} : { channel }),
    ...(consequence == null ? {} : { consequence }),
    ...(extension == null ? {} : { extension }),
  };
  const { basis = null, boundary = null, certainty, conflict = null, rule, sources = [] } = content;
  if (certainty === 'unknown' && standing.certainty !== 'unknown') {
    const added = sources.filter(({ quote }) => !standing.sources.some((source) => source.quote === quote));
    return { sources: [...standing.sources, ...added], ...beside };
  }
  return {
    ...(rule === undefined ? {} : { rule, boundary }),
    ...(certainty === undefined ? {} : { certainty }),
    basis,
    sources,
    conflict,
    ...beside,
  };
}

/** One entry, or one for each quarter. `document`: how its sources name it, and where it stands. */
export function draftEntries(joined: Joined, document: Pick<Source, 'document' | 'url'>): DraftedEntry[] {
  const entry = draftEntry(joined, document);
  if (entry.content.rule?.kind !== 'slot') return [entry];
  const titled = (slot: number) => wordsIn('nl')('papers:slot', { title: entry.content.title ?? '', slot });
  return SLOTS.map((slot) => ({ ...entry, slot, content: { ...entry.content, title: titled(slot) } }));
}

const SLOTS = [1, 2, 3, 4] as const;

function draftEntry(joined: Joined, document: Pick<Source, 'document' | 'url'>): DraftedEntry {
  const [main] = joined;
  const { activity, boundary, kind, rule, strictness } = main;
  const title = titleOf(main);
  const isDated = rule.kind !== 'none' && rule.kind !== 'event' && !(rule.kind === 'offset' && rule.amount === null);
  const certainty = HAVE_DAYS.has(kind) && !isDated ? 'unknown' : 'stated';
  return {
    activity,
    slot: null,
    requirementKey: kind === 'requirement' ? keyOf(main.quote) : null,
    content: {
      kind,
      title,
      rule,
      boundary: kind === 'requirement' ? null : boundary,
      certainty,
      basis: null,
      reportingYear: null,
      duty: {
        actors: firstFilled(joined.map(({ actors }) => actors)),
        onBehalfOf: firstFilled(joined.map(({ onBehalfOf }) => onBehalfOf)),
        contractStatus: joined.map((one) => one.contractStatus).find((status) => status !== 'any') ?? 'any',
        deliverable: null,
      },
      channel: firstKnown(joined.map(({ channel }) => channel)),
      consequence: firstKnown(joined.map(({ consequence }) => consequence)),
      extension: firstKnown(joined.map(({ extension }) => extension)),
      sources: joined.map(({ quote, section }) => ({ ...document, section, quote })),
      conflict: conflictOf(joined),
      strictness: kind === 'requirement' ? strictness : null,
    },
  };
}

const firstFilled = <T>(lists: readonly T[][]): T[] => lists.find((list) => list.length > 0) ?? [];
const firstKnown = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null;

/** The name of what is due; of a requirement, and of what has no name, the sentence's first words. */
function titleOf({ activity, kind, quote }: Proposal): string {
  return activity !== null && kind !== 'requirement' ? wordsIn('nl')(`common:activity.${activity}`) : clauseOf(quote);
}

/** A sentence as far as it fits in a title, up to the end of a clause where one ends in it. */
function clauseOf(quote: string): string {
  const whole = quote.trim().replace(/[.,:;]+$/, '');
  if (whole.length <= TITLE) return whole;
  const room = whole.slice(0, TITLE + 1);
  const end = CLAUSE_ENDS.flatMap((pattern) => [...room.matchAll(pattern)].filter(({ index }) => index >= SHORTEST).at(-1)?.index ?? [])[0];
  const space = whole.lastIndexOf(' ', TITLE);
  return whole.slice(0, end ?? (space === -1 ? TITLE : space)).trim();
}

const TITLE = 100;
const SHORTEST = 20;
/** A mark ends one for sure; a word that begins another only where there is none. */
const CLAUSE_ENDS = [
  /[.,:;](?=\s)|\s(?=\()/g,
  /\s(?=(?:als|die|dat|indien|maar|mits|omdat|tenzij|waarbij|waarin|waarmee|wanneer|zodat|zodra)\s)/giu,
];

function keyOf(title: string): string | null {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}|['’‘]/gu, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return words.slice(0, 5).join('-').slice(0, 60).replace(/-$/, '') || null;
}

/** Where the sentences leave different last days: with the earliest one is in time by all of them. */
function conflictOf(joined: Joined): Conflict | null {
  const byDay = new Map<Day, Proposal>();
  for (const one of joined) if (one.lastSafeOn !== null && !byDay.has(one.lastSafeOn)) byDay.set(one.lastSafeOn, one);
  if (byDay.size < 2) return null;
  const say = wordsIn('nl');
  const text = [...byDay.values()].map(({ boundary, printed, section }) =>
    say('papers:conflict.says', {
      place:
        section === null
          ? say('papers:conflict.elsewhere')
          : say(`papers:conflict.${/^\d/.test(section) ? 'section' : 'title'}`, { section }),
      printed: `${boundary === 'before' ? 'voor ' : ''}${printed ?? ''}`,
    }),
  );
  return { kind: 'readings', days: [...byDay.keys()].sort(), text: text.join(' ') };
}
