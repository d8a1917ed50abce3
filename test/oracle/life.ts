/** What happened in a life, as those saw it who lived it: the registry in time, what organisations said, and each mail that arrived. */
import type { Organisation, Registry, Row } from './registry.ts';
import type { Choices } from './leads.ts';
import type { Day } from './working-days.ts';

/** What a mail tells of an entry. */
interface Told {
  kind: 'reminder' | 'change' | 'escalation' | 'acts';
  id: string;
  /** How many days before; null where it does not remind. */
  lead: number | null;
}

export interface ReadMail {
  at: Date;
  /** Of which kind the service says that it is. */
  kind: string;
  subject: string;
  text: string;
  told: Told[];
}

export interface Reader extends Choices {
  email: string;
  organisation: Organisation;
  language: 'nl' | 'en';
  /** HH:MM by the clocks of Amsterdam. */
  sendHour: string;
  confirmedAt: Date;
  mails: ReadMail[];
  /** When it was begun, and the first day on which there is mail again. */
  pauses: { from: Date; until: Day }[];
  mutes: { id: string; at: Date }[];
}

/** What an editor did to an entry. What the projecting job makes at night is none. */
export interface Change {
  at: Date;
  id: string;
  /** Whether it is what an editor's change made of another year's expectation, in the same moment: of that the words say nothing. */
  isFollowing: boolean;
  before: Row | null;
  after: Row | null;
}

export interface Life {
  /** The states of the registry, the oldest first: the first one was there before everybody. */
  registries: Registry[];
  changes: Change[];
  readers: Reader[];
  done: { organisation: Organisation; id: string; at: Date }[];
  /** Contracts that arrived, with the terms that they started. */
  received: { organisation: Organisation; insurer: string; contractYear: number; at: Date; terms: Row[] }[];
}
