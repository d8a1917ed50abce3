/** The operator's mail: the summary as it was settled, in plain text. */
import type { Message } from '../../db/schema/schema.ts';
import type { Summary } from '../../db/sending/summaries.ts';
import { envelopeOf, type Sender } from './envelope.ts';

/** The mail as nodemailer is told of it. */
export function describeSummary(message: Pick<Message, 'id'>, summary: Summary, sender: Sender, now: Date) {
  return { ...envelopeOf(message, summary, sender, now), text: summary.text };
}
