/**
 * What a document proposes to the registry: the contract between whoever reads a document and whoever shows, accepts or counts what it says.
 *
 * All of it is read from the text and nothing is added: a year that is not printed is not completed, no digit is repaired, no cell that cannot be
 * read is guessed. A field of which the text says nothing is null, or an empty list.
 */
import type { Channel, Consequence, Content, DateRule } from '../deadlines/deadline.ts';
import type { Activity, Actor, Day, DutyStatus, Kind, Strictness } from '../terms.ts';

/** Where in a document something stands. `from` and `to` count characters of the very text that was read (UTF-16, as strings do). */
interface Place {
  /** From 1; null where the text does not mark where pages end. */
  page: number | null;
  /** "5.3", or "5.1, Certificering"; null before the first heading. */
  section: string | null;
  from: number;
  to: number;
}

/**
 * Why a proposal has no day. `year_not_printed`: a day, month or quarter stands there, and no year ("jaar niet gedrukt"). `unreadable`: a date stood
 * there that cannot be read. `imprecise`: "medio oktober 2026", "week 26", it says when about. `no_day`: the text names none, or only an amount of time or an interval of
 * which the rest is missing.
 */
type Lack = 'year_not_printed' | 'unreadable' | 'imprecise' | 'no_day';

/** Something that looks like an entry of the registry. An editor accepts, corrects or rejects it. */
export interface Proposal extends Place {
  kind: Kind;
  /** What is due, where the words say so; null where an editor has to choose. */
  activity: Activity | null;
  /**
   * Literal, with white space folded: a sentence, a row of a table, or several that follow each other. Two parts of a text that do not follow each
   * other are joined by ` (…) `: the head of a table, and its row.
   */
  quote: string;
  /** `none` where no day can be named, and `lack` says why. It is one that `checkQuotedDays` finds in `quote`. */
  rule: DateRule;
  boundary: Content['boundary'];
  /** By `resolveDays`; null where the rule waits for something. */
  dueOn: Day | null;
  lastSafeOn: Day | null;
  lack: Lack | null;
  /** The words of the date as they are printed: "uiterlijk 1 oktober 2024" has "1 oktober 2024"; null where there is none. */
  printed: string | null;
  /** How long it runs, of a term: "2-jarig contract"; null elsewhere. */
  years: number | null;
  /** Of a requirement; null elsewhere. */
  strictness: Strictness | null;
  /** Who must act, where the sentence names them. */
  actors: Actor[];
  onBehalfOf: Actor[];
  contractStatus: DutyStatus;
  channel: Channel | null;
  consequence: Consequence | null;
  extension: Content['extension'];
}

/** A day, month or quarter in a sentence that is no proposal: "is op 4 november 2022 getekend". Shown, so that nobody has to trust us. */
export interface Mention extends Place {
  quote: string;
  printed: string;
}

/** What cannot be read, and where: a cell, a date with a letter among its digits, words run together. */
export interface UnreadablePlace extends Place {
  /** As it stands there. */
  text: string;
  /** The sentence or row that it belongs to, without it where it is a cell; empty where it stands alone. */
  quote: string;
  /** `cell`: of a table. `date`: looks like one. */
  what: 'cell' | 'date';
}

/** All that a text says, each list in the order of the text. */
export interface Extraction {
  proposals: Proposal[];
  mentions: Mention[];
  unreadable: UnreadablePlace[];
}
