/** What a feed shows: the choices that stand behind its link, so that the link never changes with them. */
import type { AgendaItem } from '../agenda/concern.ts';
import { COUNTED_KINDS } from '../deadlines/kinds.ts';
import type { Certainty, DatedKind, Language, Reader } from '../terms.ts';

/** Stands among insurers for what no insurer asks, but the whole sector. */
export const SECTOR = 'sector';

export interface FeedChoices {
  /** Slugs, and `sector`; null: all. */
  insurers: string[] | null;
  /** As whom; null: as all that the organisation is. */
  roles: Reader[] | null;
  /** Null: all. */
  certainty: Certainty[] | null;
  /** Null: deadlines and the ends of windows. */
  kinds: DatedKind[] | null;
  /** How many days before, at 09:00, an app may sound an alarm. */
  alarms: number[];
  /** Null: the organisation's. */
  language: Language | null;
  /** Whether what the organisation completed is marked as done. */
  showCompleted: boolean;
}

/** What a feed shows unless something is chosen: all deadlines and the ends of windows, without alarms. */
export const DEFAULT_CHOICES: FeedChoices = {
  insurers: null,
  roles: null,
  certainty: null,
  kinds: null,
  alarms: [],
  language: null,
  showCompleted: false,
};

/** Whether an item stands in a feed with these choices. As whom it is read was chosen before: `roles` plays no part here. */
export function isChosen({ deadline }: Pick<AgendaItem, 'deadline'>, { insurers, certainty, kinds }: FeedChoices): boolean {
  if (!(kinds ?? COUNTED_KINDS).some((kind) => kind === deadline.kind)) return false;
  return (insurers?.includes(deadline.insurer ?? SECTOR) ?? true) && (certainty?.includes(deadline.certainty) ?? true);
}
