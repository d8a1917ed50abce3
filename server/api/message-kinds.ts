/** The kinds of mail as the API names them. */
import { named, OneOf } from '../../calendars/schema/described.ts';
import { DECLINABLE_KINDS, MESSAGE_KINDS, OPERATOR } from '../../db/schema/schema.ts';

export const MessageKindSchema = named(
  'MessageKind',
  OneOf(MESSAGE_KINDS),
  "What a mail is for. confirmation and deputy_confirmation ask an address for its yes; trial was asked for to see that mail arrives; acts tells what others did; the others tell it something, or tell the organisation's other recipients of it",
  'reminder',
);

/** Also the daily summary for who runs the service. */
export const AnyKindSchema = named(
  'DeadLetterKind',
  OneOf([...MESSAGE_KINDS, OPERATOR]),
  'What a mail is for. operator: the daily summary for who runs the service',
  'reminder',
);

export const DeclinableKindSchema = named(
  'DeclinableKind',
  OneOf(DECLINABLE_KINDS),
  'What a recipient can decline: that something is due, that it changed, that others have not done it, or what others did',
  'reminder',
);
