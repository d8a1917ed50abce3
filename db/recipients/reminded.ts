/** Whether anybody is reminded of an organisation's deadlines, and where nobody is, why. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamDay } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { asc, eq, gt, inArray } from '../store/drizzle.ts';
import { unaskableAmong } from '../messages/unaskable.ts';
import { isPausedForLong } from './pauses.ts';
import type { Organisation, Recipient } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb } from '../store/store.ts';

/** Why a recipient is not reminded. */
const RECIPIENT_REASONS = ['never_confirmed', 'declined', 'unsubscribed', 'undeliverable', 'paused'] as const;
export type RecipientReason = (typeof RECIPIENT_REASONS)[number];
/** Why nobody is reminded. */
export const UNREMINDED_REASONS = ['no_recipients', ...RECIPIENT_REASONS, 'various'] as const;
type UnremindedReason = (typeof UNREMINDED_REASONS)[number];

export type Reminded = { by: 'email'; reason: null } | { by: 'nobody'; reason: UnremindedReason };

/** An organisation that nobody is reminded for, with how many of its recipients are not for each reason. */
export interface Unreminded {
  organisation: Organisation;
  reasons: ReadonlyMap<RecipientReason, number>;
}

/** So many organisations are looked at before others get their turn. */
const AT_ONCE = 200;

/** Whether a recipient gets reminders, or will within a year: it confirmed, wants them, and has not put them off for longer. */
export function isReminded(recipient: Recipient, today: Day): boolean {
  return whyNot(recipient, today, null) === null;
}

/** Who reminds an organisation on the day of `now` in Amsterdam. `secret` keys the digests of addresses. */
export async function readReminded(db: ReadDb, organisationId: string, secret: string, now: Date): Promise<Reminded> {
  const { recipients } = db.tables;
  const rows = await db.select().from(recipients).where(eq(recipients.organisationId, organisationId));
  const reasons = await reasonsOf(db, organisationId, rows, { secret, today: amsterdamDay(now) });
  if (reasons === null) return { by: 'email', reason: null };
  const [only, another] = reasons.keys();
  return { by: 'nobody', reason: another === undefined ? (only ?? 'no_recipients') : 'various' };
}

/** All organisations that nobody is reminded for: first those that stopped being, the longest ago first, then the others by name. */
export async function listUnreminded(db: ReadDb, secret: string, now: Date): Promise<Unreminded[]> {
  const { organisations, recipients } = db.tables;
  const on = { secret, today: amsterdamDay(now) };
  const unreminded: Unreminded[] = [];
  for (let after = ''; ;) {
    const some = await db.select().from(organisations).where(gt(organisations.id, after)).orderBy(asc(organisations.id)).limit(AT_ONCE);
    const ids = some.map(({ id }) => id);
    const rows = await db.select().from(recipients).where(inArray(recipients.organisationId, ids));
    const byOrganisation = Map.groupBy(rows, (row) => row.organisationId);
    for (const organisation of some) {
      const reasons = await reasonsOf(db, organisation.id, byOrganisation.get(organisation.id) ?? [], on);
      if (reasons) unreminded.push({ organisation, reasons });
    }
    if (some.length < AT_ONCE) return unreminded.sort(compareUnreminded);
    after = ids.at(-1)!;
    await setImmediate();
  }
}

/** On which day, and what keys the digests of addresses. */
interface On {
  secret: string;
  today: Day;
}

/** How many of an organisation's recipients are not reminded for each reason, or null where one is. */
async function reasonsOf(
  db: ReadDb,
  organisationId: string,
  recipients: readonly Recipient[],
  { secret, today }: On,
): Promise<Map<RecipientReason, number> | null> {
  if (recipients.some((recipient) => isReminded(recipient, today))) return null;
  const waiting = recipients.filter(({ status }) => status === 'pending').map(({ email }) => digestsOf(secret, email));
  const unaskable = await unaskableAmong(db, organisationId, waiting);
  const reasons = recipients.map((recipient) => {
    const refusal = recipient.status === 'pending' ? unaskable.get(digestsOf(secret, recipient.email).address) : undefined;
    return whyNot(recipient, today, refusal?.reason ?? null);
  });
  const counts = RECIPIENT_REASONS.map((reason) => [reason, reasons.filter((one) => one === reason).length] as const);
  return new Map(counts.filter(([, count]) => count > 0));
}

/** Why a recipient is not reminded, or null when it is. `refusal`: why it is not asked, where it gave no answer yet. */
function whyNot(recipient: Recipient, today: Day, refusal: 'declined' | 'undeliverable' | null): RecipientReason | null {
  const { declined, status } = recipient;
  if (status === 'pending') return refusal ?? 'never_confirmed';
  if (status !== 'confirmed') return status;
  if (declined.includes('reminder')) return 'declined';
  return isPausedForLong(recipient, today) ? 'paused' : null;
}

function compareUnreminded({ organisation: a }: Unreminded, { organisation: b }: Unreminded): number {
  return sinceOf(a) === sinceOf(b) ? compare(a.name, b.name) || compare(a.id, b.id) : sinceOf(a) - sinceOf(b);
}

const sinceOf = ({ unremindedSince }: Organisation) => unremindedSince?.getTime() ?? Infinity;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
