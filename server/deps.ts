/** What the service's routes are given: everything they need and nothing they could find by themselves. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { FeedCache } from '../db/feeds/cache.ts';
import type { Audience } from '../db/messages/personal-mails.ts';
import type { KeyUses } from '../db/organisations/key-uses.ts';
import type { ReadCache } from '../db/organisations/read-cache.ts';
import type { SignUp } from '../db/people/sign-up.ts';
import type { Change } from '../db/reminders/change.ts';
import type { Preview } from '../db/sending/preview/preview.ts';
import type { ReadDb } from '../db/store/store.ts';
import type { Config, Contact } from './config.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** By whom they go to, how many mails the server took, how many it refused, how many it never answered, and how many could not be drafted. */
export type MailCounts = Readonly<Record<Audience, Readonly<Record<'sent' | 'refused' | 'uncertain' | 'faulty', number>>>>;

/** A mail of a rehearsal, as its reader sees it. */
export interface OutboxMail {
  /** The message's id. */
  id: string;
  at: Date;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
}

/** The mails of a rehearsal, which are files. */
interface Outbox {
  /** The newest ones, the newest first, at most so many; and how many there are. */
  newest(most: number): Promise<{ mails: OutboxMail[]; total: number }>;
  /** One of them; null where there is none. */
  find(id: string): Promise<OutboxMail | null>;
}

export interface Deps {
  read: ReadDb;
  /** Writes, plans what follows, and rings for the jobs. */
  change: Change;
  /** What would come of publishing a draft edition now; null where it is none. Nothing of it stays. Throws `not_found`. */
  preview: (id: string, by: { by: string; label: string }) => Promise<Preview | null>;
  /** Where the service is reached from outside, without a slash at the end. */
  publicUrl: string;
  /** Whom users of the API can turn to; nobody is named when not given. */
  contact?: Contact;
  /** Who runs the service and answers for it; nobody is named when not given. */
  operator?: Config['operator'];
  /** Who publishes the open data; who runs the service when not given. */
  publisher?: Config['publisher'];
  /** Who may enrol an organisation; nobody when not given. */
  signUp?: SignUp;
  /** The mails of a rehearsal; none are shown when not given. */
  outbox?: Outbox | undefined;
  /** How many months messages are kept. */
  retentionMonths: number;
  /** Signs the links in mails. */
  secret: string;
  /** The first editor's key, or null. */
  editorKey: string | null;
  /** The cache of what lists and feeds are made from. */
  cache: ReadCache;
  feeds: FeedCache;
  /** In which hour each key was used last. */
  keyUses: KeyUses;
  clock: () => Date;
  /** How many lines of the log could not be written. */
  droppedLogLines?: () => number;
  /** When the jobs last got further, or null. */
  lastRoundAt?: () => Date | null;
  /** When the database last took a change of this process, or null. */
  lastWriteAt?: () => Date | null;
  /** What became of mails since the process started. */
  mailCounts?: () => MailCounts;
  /** What keeps the service from being ready, beside the database; empty when nothing does. */
  ready?: () => string[];
  /** What is wrong with the delivery of mail; empty when nothing is. */
  delivery?: () => Promise<string[]>;
}
