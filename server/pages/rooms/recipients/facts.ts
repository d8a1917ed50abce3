/** What an organisation's pages show of its recipients, with what is on record of their addresses elsewhere. */
import { amsterdamDay } from '../../../../calendars/days.ts';
import type { Day } from '../../../../calendars/terms.ts';
import { unaskableAmong } from '../../../../db/messages/unaskable.ts';
import { NO_DEPUTY } from '../../../../db/recipients/deputies.ts';
import { mutedAmong } from '../../../../db/recipients/preferences.ts';
import { listRecipients } from '../../../../db/recipients/recipients.ts';
import { waitingReminders } from '../../../../db/recipients/waiting/reminders.ts';
import type { Recipient, RecipientStatus } from '../../../../db/schema/schema.ts';
import { partlyReached } from '../../../../db/sending/bounces.ts';
import { digestsOf } from '../../../../db/store/secrets.ts';
import type { ReadDb } from '../../../../db/store/store.ts';

export interface RecipientFacts {
  /** With its place in the list; without a pause or a deputy of before today. */
  recipient: Recipient;
  /** `declined`: it wants no more questions of this organisation. */
  status: RecipientStatus | 'declined';
  deputyStatus: 'pending' | 'confirmed' | 'undeliverable' | 'declined' | null;
  /** Deadlines that it wants no mail about, by id. */
  muted: readonly string[];
  /** Whether an address behind it is not reached. */
  isPartly: boolean;
  /** The day of a reminder that waits for its hour. */
  waitingOn: Day | null;
}

/** An organisation's recipients in their order. */
export async function readRecipients(db: ReadDb, organisationId: string, secret: string, now: Date): Promise<RecipientFacts[]> {
  const recipients = await listRecipients(db, organisationId);
  const ids = recipients.map(({ id }) => id);
  const muted = await mutedAmong(db, ids);
  const waiting = await waitingReminders(db, ids);
  const partly = await partlyReached(db, organisationId, now);
  const emails = recipients.flatMap(({ email, deputyEmail }) => (deputyEmail === null ? [email] : [email, deputyEmail]));
  const digests = new Map(emails.map((email) => [email, digestsOf(secret, email)]));
  const unaskable = await unaskableAmong(db, organisationId, [...digests.values()]);
  const refusing = (email: string) => unaskable.get(digests.get(email)!.address)?.reason ?? null;
  const today = amsterdamDay(now);
  return recipients.map((row, i) => {
    const recipient = { ...withoutPast(row, today), position: i + 1 };
    const { deputyConfirmedAt, deputyEmail, deputyFault, email, id, status } = recipient;
    const answer = deputyEmail === null ? null : deputyConfirmedAt === null ? (refusing(deputyEmail) ?? 'pending') : 'confirmed';
    const dueAt = waiting.get(id);
    return {
      recipient,
      status: status === 'pending' ? (refusing(email) ?? 'pending') : status,
      deputyStatus: answer !== null && deputyFault !== null ? 'undeliverable' : answer,
      muted: muted.get(id) ?? [],
      isPartly: partly.includes(email),
      waitingOn: dueAt === undefined ? null : amsterdamDay(dueAt),
    };
  });
}

function withoutPast(recipient: Recipient, today: Day): Recipient {
  const { deputyUntil, pausedUntil } = recipient;
  return {
    ...recipient,
    ...(deputyUntil !== null && deputyUntil < today ? NO_DEPUTY : {}),
    pausedUntil: pausedUntil !== null && pausedUntil <= today ? null : pausedUntil,
  };
}
