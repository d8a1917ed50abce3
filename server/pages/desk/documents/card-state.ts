/** What a document proposes, with what was decided of it: what belongs together is one card, what stands there twice too. */
import type { Extraction, Proposal } from '../../../../calendars/extraction/proposal.ts';
import { isQuoteOf } from '../../../../calendars/extraction/finding.ts';
import { joinProposals, type Joined } from '../../../../calendars/extraction/joining.ts';
import {
  acceptancesOf,
  proposalDigest,
  rejectionsOf,
  type Acceptance,
  type Rejection,
} from '../../../../db/registry/documents/decisions.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import type { DocumentScope } from '../../../../db/registry/documents/keeping.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import type { LitPlace } from './lit-text.ts';

export interface Card {
  /** Of its first sentence: short, and the same in each version. */
  id: string;
  /** Of each of its sentences. */
  ids: string[];
  joined: Joined;
  /** In editions of the years and kinds of care that the document is for. */
  acceptances: Acceptance[];
  rejection: Rejection | null;
  /** The entry of the registry that has all of it as its quotes already; null where none has. */
  standing: Revision | null;
}

/** What is looked at for a card: what was decided of an insurer (null: of the sector), and its entries. */
interface Ground {
  insurer: string | null;
  /** What the document is for. */
  scopes: readonly DocumentScope[];
  /** Those of its years. */
  entries: readonly Revision[];
}

const SHORT = 16;
const shortOf = ({ quote }: Proposal) => proposalDigest(quote).slice(0, SHORT);

export async function readCards(
  db: ReadDb,
  { entries, insurer, scopes }: Ground,
  { proposals }: Pick<Extraction, 'proposals'>,
): Promise<Card[]> {
  const [accepted, rejected] = [await acceptancesOf(db, insurer), await rejectionsOf(db, insurer)];
  const once = [...new Map(proposals.toReversed().map((one) => [shortOf(one), one])).values()].reverse();
  return joinProposals(once).map((joined) => {
    const digests = joined.map(({ quote }) => proposalDigest(quote));
    const acceptances = (firstOf(digests, accepted) ?? []).filter((one) => scopes.some((scope) => isSameScope(scope, one)));
    const standing =
      acceptances.length === 0 ? (entries.find((entry) => joined.every(({ quote }) => isQuoted(entry, quote))) ?? null) : null;
    return {
      id: shortOf(joined[0]),
      ids: joined.map(shortOf),
      joined,
      acceptances,
      // What was rejected is rejected as long as all of its sentences are: a new one is to be looked at.
      rejection: acceptances.length === 0 && digests.every((digest) => rejected.has(digest)) ? firstOf(digests, rejected) : null,
      standing,
    };
  });
}

function firstOf<T>(digests: readonly string[], decisions: ReadonlyMap<string, T>): T | null {
  for (const digest of digests) if (decisions.has(digest)) return decisions.get(digest)!;
  return null;
}

const isQuoted = ({ sources }: Revision, sentence: string) => sources.some(({ quote }) => quote !== null && isQuoteOf(quote, sentence));

export const isOpen = ({ acceptances, rejection, standing }: Card) => acceptances.length === 0 && rejection === null && standing === null;

export const isSameScope = (a: DocumentScope, b: DocumentScope) => a.contractYear === b.contractYear && a.careType === b.careType;

/** What is lit in the text: each sentence of a card, wherever it stands, and what cannot be read. */
export function litPlaces(cards: readonly Card[], { proposals, unreadable }: Extraction): LitPlace[] {
  const byId = new Map(cards.flatMap((card) => card.ids.map((id) => [id, card] as const)));
  const named = new Set<string>();
  const sentences = proposals.flatMap((proposal): LitPlace[] => {
    const id = shortOf(proposal);
    const card = byId.get(id);
    if (card === undefined) return [];
    const isFirst = !named.has(id);
    named.add(id);
    const { from, to } = proposal;
    return [{ from, to, id: isFirst ? `zin-${id}` : null, card: `kaart-${card.id}`, look: isOpen(card) ? 'open' : 'decided' }];
  });
  const places = unreadable.map(({ from, to }, i): LitPlace => ({ from, to, id: `plek-${i + 1}`, card: null, look: 'unreadable' }));
  return [...sentences, ...places];
}
