/** A recipient as the API shows it, with what is on record of its address elsewhere. */
import type { Static } from '../../../calendars/schema/typebox.ts';
import { unaskableAmong } from '../../../db/messages/unaskable.ts';
import { mutedAmong } from '../../../db/recipients/preferences.ts';
import { listRecipients } from '../../../db/recipients/recipients.ts';
import type { Recipient } from '../../../db/schema/schema.ts';
import { partlyReached } from '../../../db/sending/bounces.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { RecipientView } from './recipient-shapes.ts';

type View = Static<typeof RecipientView>;

/** One recipient as it is shown. */
export async function viewOf(db: ReadDb, secret: string, { id, organisationId }: Recipient, now: Date): Promise<View> {
  const views = await viewAll(db, secret, organisationId, now);
  return views.find((view) => view.id === id)!;
}

/** A recipient's place is that in the list: recipients of old have no number yet. */
export async function viewAll(db: ReadDb, secret: string, organisationId: string, now: Date): Promise<View[]> {
  const recipients = await listRecipients(db, organisationId);
  const muted = await mutedAmong(
    db,
    recipients.map(({ id }) => id),
  );
  const partly = await partlyReached(db, organisationId, now);
  const emails = recipients.flatMap(({ email, deputyEmail }) => (deputyEmail === null ? [email] : [email, deputyEmail]));
  const digests = new Map(emails.map((email) => [email, digestsOf(secret, email)]));
  const unaskable = await unaskableAmong(db, organisationId, [...digests.values()]);
  const refusing: Refusing = (email) => unaskable.get(digests.get(email)!.address)?.reason ?? null;
  return recipients.map((recipient, i) =>
    recipientView(recipient, i + 1, { muted: muted.get(recipient.id) ?? [], isPartly: partly.includes(recipient.email), refusing }),
  );
}

/** Why no question leaves for an address, or null. */
type Refusing = (email: string) => 'declined' | 'undeliverable' | null;

/** What is on record of a recipient elsewhere. */
interface Elsewhere {
  muted: string[];
  isPartly: boolean;
  refusing: Refusing;
}

function recipientView(recipient: Recipient, position: number, { muted, isPartly, refusing }: Elsewhere): View {
  const { id, email, leadDays, digest, sendHour, language, pausedUntil, declined, createdAt, confirmedAt } = recipient;
  const status = recipient.status === 'pending' ? (refusing(email) ?? 'pending') : recipient.status;
  return {
    id,
    email,
    leadDays,
    digest,
    sendHour,
    language,
    pausedUntil,
    deputy: deputyView(recipient, refusing),
    position,
    status,
    note: isPartly ? 'partly_undeliverable' : null,
    question: questionNote(status),
    declined: { kinds: declined, deadlines: muted },
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
  };
}

function deputyView(
  { deputyEmail, deputyUntil, deputyConfirmedAt, deputyFault, status: recipientStatus }: Recipient,
  refusing: Refusing,
): View['deputy'] {
  if (deputyEmail === null || deputyUntil === null) return null;
  const answer = deputyConfirmedAt === null ? (refusing(deputyEmail) ?? 'pending') : 'confirmed';
  const status = deputyFault === null ? answer : 'undeliverable';
  const isIdle = status === 'pending' && (recipientStatus === 'unsubscribed' || recipientStatus === 'undeliverable');
  return { email: deputyEmail, until: deputyUntil, status, question: isIdle ? NOT_WHILE_IDLE : questionNote(status) };
}

/** The same sentence whatever the limit: who adds an address does not learn whether others ask it. */
function questionNote(status: View['status']): string | null {
  return QUESTION_NOTES[status as keyof typeof QUESTION_NOTES] ?? null;
}

const QUESTION_NOTES = {
  pending:
    'A mail asks this address to confirm. It leaves when the limit allows: an address gets at most one such mail an hour and three a day, whoever asks.',
  declined:
    'No mail leaves: whoever has this address wants no more of these questions from the organisation, and alone can take that back, by the link in an earlier one.',
  undeliverable:
    'No mail leaves: the mail server says that there is no such address. Give another one, or have it released by whoever runs the service.',
} as const;
const NOT_WHILE_IDLE = 'No mail leaves while the recipient gets none itself. Its deputy is asked when it confirms again.';
