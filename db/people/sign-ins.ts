/** Signing in: asked for in one browser, proved by a mail. Of an address that nobody has the same is written and sent, so that nobody learns which it is. */
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { BrowserKind } from '../../calendars/people/browser.ts';
import { codeFrom, readCode } from '../../calendars/people/code.ts';
import { freeAgainAt, MOST_TRIES, SIGN_IN_LIMITS, SIGN_IN_MS } from '../../calendars/people/sign-in.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import type { Language } from '../../calendars/terms.ts';
import { and, eq, gt, isNull, sql } from '../store/drizzle.ts';
import { queuePersonalMail } from '../messages/personal-mails.ts';
import { holdTurn } from '../recipients/questions.ts';
import { codeDigest, digestOf, digestsOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { findPerson } from './people.ts';
import { openSession } from './sessions.ts';

export interface SignInRequest {
  email: string;
  /** Of the page: who has an account reads its own language. */
  language: Language;
  browser: BrowserKind;
}

/** `cookie`: what the asking browser keeps, given this once. `limited`: nothing was sent, since too much was asked with this address. */
export type AskedSignIn = { outcome: 'sent'; cookie: string; expiresAt: Date } | { outcome: 'limited'; freeAt: Date };

/** Asks to sign in: queues one mail, with a link and a code, or one that says that nobody has this address. */
export async function askSignIn(tx: WriteDb, { browser, email, language }: SignInRequest, secret: string, now: Date): Promise<AskedSignIn> {
  const { signIns } = tx.tables;
  const { mailbox } = digestsOf(secret, email);
  await holdTurn(tx, mailbox, now);
  const earlier = await tx
    .select({ at: signIns.createdAt })
    .from(signIns)
    .where(and(eq(signIns.mailbox, mailbox), gt(signIns.createdAt, new Date(now.getTime() - DAY_MS))));
  const freeAt = freeAgainAt(
    earlier.map(({ at }) => at),
    SIGN_IN_LIMITS,
    now,
  );
  if (freeAt !== null) return { outcome: 'limited', freeAt };
  const person = await findPerson(tx, email);
  const [id, cookie, token] = [randomUUID(), newSecret(), newSecret()];
  const code = codeFrom(randomBytes(64));
  const expiresAt = new Date(now.getTime() + SIGN_IN_MS);
  await tx.insert(signIns).values({
    id,
    mailbox,
    personId: person?.id ?? null,
    cookie: digestOf(cookie),
    token: digestOf(token),
    code: codeDigest(secret, id, code),
    triesLeft: MOST_TRIES,
    createdAt: now,
    expiresAt,
  });
  const letter = person
    ? ({ kind: 'sign_in', to: person.email, language: person.language, code, token, browser } as const)
    : ({ kind: 'no_account', to: foldAddress(email), language, browser } as const);
  await queuePersonalMail(tx, letter, now);
  return { outcome: 'sent', cookie, expiresAt };
}

/** What the page behind a mail's link shows: whose sign-in it is, and whether this browser asked for it, or has to be told the code too. */
export async function findSignIn(
  db: ReadDb,
  token: string,
  cookie: string | null,
  now: Date,
): Promise<{ email: string; isAskingBrowser: boolean } | null> {
  const { people, signIns } = db.tables;
  const [row] = await db
    .select({ email: people.email, cookie: signIns.cookie })
    .from(signIns)
    .innerJoin(people, eq(people.id, signIns.personId))
    .where(and(eq(signIns.token, digestOf(token)), isNull(signIns.usedAt), gt(signIns.triesLeft, 0), gt(signIns.expiresAt, now)));
  return row ? { email: row.email, isAskingBrowser: cookie !== null && digestOf(cookie) === row.cookie } : null;
}

/** What somebody brings who signs in; null where it is not there. */
export interface SignInProof {
  /** What the asking browser keeps. */
  cookie: string | null;
  /** Of the mail's link. */
  token: string | null;
  code: string | null;
  /** The session of before in that browser, which ends. */
  formerSession: string | null;
}

/** `over`: used, expired, out of tries, or never asked for: which it is nobody is told. */
export type SignedIn =
  | { outcome: 'signed_in'; personId: string; session: string; expiresAt: Date }
  | { outcome: 'code_needed' }
  | { outcome: 'wrong_code'; triesLeft: number }
  | { outcome: 'over' };

/**
 * Signs in by the code in the asking browser, by the link in it, or by both together in another one. Each code that is typed is a try, also the
 * right one, which is good once. To be committed whatever the outcome, since that is how tries are counted.
 */
export async function signIn(tx: WriteDb, proof: SignInProof, secret: string, now: Date): Promise<SignedIn> {
  const { signIns } = tx.tables;
  const { code, cookie, formerSession, token } = proof;
  if (cookie === null && token === null) return { outcome: 'over' };
  const itself = token === null ? eq(signIns.cookie, digestOf(cookie!)) : eq(signIns.token, digestOf(token));
  const isOpen = and(isNull(signIns.usedAt), gt(signIns.expiresAt, now));
  const [row] = await tx
    .select()
    .from(signIns)
    .where(and(itself, isOpen, gt(signIns.triesLeft, 0)));
  if (!row) return { outcome: 'over' };
  const isByLink = token !== null && cookie !== null && digestOf(cookie) === row.cookie;
  if (!isByLink) {
    if (code === null || readCode(code) === '') return { outcome: 'code_needed' };
    const [tried] = await tx
      .update(signIns)
      .set({ triesLeft: sql`${signIns.triesLeft} - 1` })
      .where(and(eq(signIns.id, row.id), isOpen, gt(signIns.triesLeft, 0)))
      .returning({ triesLeft: signIns.triesLeft });
    if (!tried) return { outcome: 'over' };
    if (!isSame(codeDigest(secret, row.id, readCode(code)), row.code)) return { outcome: 'wrong_code', triesLeft: tried.triesLeft };
  }
  const [used] = await tx
    .update(signIns)
    .set({ usedAt: now })
    .where(and(eq(signIns.id, row.id), isOpen))
    .returning({ personId: signIns.personId });
  if (!used || used.personId === null) return { outcome: 'over' };
  const session = await openSession(tx, used.personId, formerSession, now);
  return { outcome: 'signed_in', personId: used.personId, session: session.token, expiresAt: session.expiresAt };
}

const DAY_MS = 86_400_000;

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
