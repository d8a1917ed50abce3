/** From a draft to the bytes of a mail: the same draft at the same moment always gives the same bytes. */
import { changePageOf } from '../../calendars/ics/entry-page.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { ComposedMail } from '../../db/sending/claims.ts';
import { isQuestion } from '../../db/recipients/questions.ts';
import { isPersonal, type PersonalDraft } from '../../db/messages/personal-mails.ts';
import { OPERATOR, type Message } from '../../db/schema/schema.ts';
import {
  declineSubject,
  deputyDoneSubject,
  deputySubject,
  digestsOf,
  shortId,
  signLink,
  signShortLink,
  undoSubject,
  type LinkPurpose,
} from '../../db/store/secrets.ts';
import { markOf, writeNamed } from '../../db/registry/named-deadlines.ts';
import type { Summary } from '../../db/sending/summaries.ts';
import { domainOf, envelopeOf } from './envelope.ts';
import { confirmationMail, deputyMail } from './recipient/confirmation.ts';
import { deputyLostMail, partlyUndeliverableMail, undeliverableMail, unremindedMail } from './recipient/contacts.ts';
import { datesUrl, type MailLinks } from './links.ts';
import { shortened, writeHtml, writeText, type Letter } from './letter.ts';
import { fitIn, writeMail } from './mime.ts';
import { describePersonalMail } from './personal/describe.ts';
import { dayMail } from './reminder.ts';
import type { SigningKey } from '../transport/signature.ts';
import { trialMail } from './recipient/trial.ts';
import { unlinkedDraft } from './unlinked.ts';
import { welcomeMail } from './recipient/welcome.ts';

/** What mails need of the configuration. */
export interface MailSettings {
  /** Where the service is reached from outside, without a slash at the end. */
  publicUrl: string;
  /** Signs the links. */
  secret: string;
  /** The sender's address. */
  from: string;
  /** Where answers go; without it to the sender. */
  replyTo?: string | undefined;
  /** Signs the bytes of every mail, where there is one. */
  signingKey?: SigningKey | undefined;
  /** Where mails come back to that were not delivered after all: each to an address of its own below it. Without it, to the sender. */
  bounceAddress?: string | undefined;
  /** Who runs the service and gets a summary each day, if anybody does. */
  operator?: string | undefined;
}

/** Writes the mail. Its Message-ID is the message's own for life; its date is `now`. */
export function composeMail(
  message: Pick<Message, 'id'>,
  draft: Draft | Summary | PersonalDraft,
  settings: MailSettings,
  now: Date,
): ComposedMail {
  const options = optionsFor(message, draft, settings, now);
  return { messageId: options.messageId, subject: options.subject, raw: writeMail(options) };
}

function optionsFor(message: Pick<Message, 'id'>, draft: Draft | Summary | PersonalDraft, settings: MailSettings, now: Date) {
  if (draft.kind === OPERATOR) return { ...envelopeOf(message, draft, settings, now), text: draft.text };
  return isPersonal(draft) ? describePersonalMail(message, draft, settings, now) : describeMail(message, draft, settings, now);
}

/** The mail as nodemailer is told of it. */
export function describeMail(message: Pick<Message, 'id'>, draft: Draft, settings: MailSettings, now: Date) {
  const { kind, to } = draft;
  const links = linksFor(draft, settings);
  const { letter, text, html } = writeWithin(MOST_BYTES, unlinkedDraft(draft), links, { detailed: countIn(draft), rows: MOST_ROWS });
  const envelope = envelopeOf(message, { subject: letter.subject, to }, settings, now);
  const domain = domainOf(settings.from);
  const thread = threadOf(draft, domain);
  return {
    ...envelope,
    ...(thread === null ? {} : { inReplyTo: thread, references: thread }),
    text,
    html,
    headers: {
      ...envelope.headers,
      'Content-Language': letter.language,
      'List-ID': { prepared: true, value: `Inkoopkalender <reminders.${domain}>` },
      // RFC 8058. Who has not confirmed yet is on no list to leave.
      ...(isQuestion(kind)
        ? {}
        : {
            'List-Unsubscribe': { prepared: true, value: `<${links.unsubscribeUrl}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
  };
}

/** Where this mail's reader says yes, done, or no more. What a deputy decides holds for the deputy alone, save that something is done. */
function linksFor(
  { isForDeputy, isWithAll, kind, language, organisation, recipient, relations, to }: Draft,
  { publicUrl, secret }: MailSettings,
): MailLinks {
  const { id } = recipient;
  const link = (path: string, purpose: LinkPurpose, subject: string) => `${publicUrl}/${path}/${signLink(secret, purpose, subject)}`;
  const short = (path: string, purpose: LinkPurpose, subject: string) => `${publicUrl}/${path}/${signShortLink(secret, purpose, subject)}`;
  const [deputy, reader] = [deputySubject(id, to), shortId(id)];
  const doneUrl = (named: string) =>
    isForDeputy ? short('done', 'deputy_done', deputyDoneSubject(reader, named, to)) : short('done', 'done', `${reader}:${named}`);
  const undoUrl = (named: string, at: Date) =>
    short('undo', 'undo', undoSubject(isForDeputy ? deputyDoneSubject(reader, named, to) : `${reader}:${named}`, at));
  const muteUrl = (named: string) => (isForDeputy ? null : short('mute', 'mute', `${reader}:${named}`));
  return {
    home: datesUrl(publicUrl, {
      language,
      ...(isQuestion(kind) ? { roles: [], relations: [], isWithAll } : { roles: organisation.roles, relations, isWithAll }),
    }),
    unsubscribeUrl: isForDeputy ? link('leave', 'leave', deputy) : short('unsubscribe', 'unsubscribe', reader),
    confirmUrl: kind === 'deputy_confirmation' ? link('deputy', 'deputy', deputy) : link('confirm', 'confirm', id),
    declineUrl: link('decline', 'decline', declineSubject(organisation.id, digestsOf(secret, to), language)),
    changeUrl: (changeId) => changePageOf(changeId, language, publicUrl),
    doneUrl: (deadlineId) => doneUrl(markOf(deadlineId)),
    muteUrl: (deadlineId) => muteUrl(markOf(deadlineId)),
    stepUrl: (stepId) => {
      const named = shortId(stepId);
      return isForDeputy ? short('step', 'deputy_step', deputyDoneSubject(reader, named, to)) : short('step', 'step', `${reader}:${named}`);
    },
    stepUndoUrl: (stepId, at) => undoUrl(shortId(stepId), at),
    allDoneUrl: (deadlines) => doneUrl(writeNamed(deadlines)),
    allMuteUrl: (deadlines) => muteUrl(writeNamed(deadlines)),
    undoUrl: ([first, ...others], at) => undoUrl(others.length === 0 ? markOf(first!.id) : writeNamed([first!, ...others]), at),
  };
}

/** The same for all mails to a recipient about a deadline, or about an own date, so that mail programs show them together. A mail about several goes with the first. */
function threadOf({ acts, changes, due, recipient, steps, undone }: Draft, domain: string): string | null {
  const deadlineId = undone[0]?.item.deadline.id ?? changes[0]?.after.id ?? acts[0]?.deadline?.id ?? acts[0]?.step?.id;
  const id = due[0]?.item.deadline.id ?? steps[0]?.step.id ?? deadlineId;
  return id === undefined ? null : `<${id}.${recipient.id}@${domain}>`;
}

/** Mail programs cut off what is longer than 102 KB; the headers take a part of that. */
const MOST_BYTES = 95_000;

/** How many deadlines a mail tells of in full, and how many rows its lists have. */
interface Size {
  detailed: number;
  rows: number;
}

/** More than these never fit. */
const [MOST_DETAILED, MOST_ROWS] = [80, 512];

const countIn = ({ acts, changes, due, steps, undone }: Draft) =>
  Math.min(MOST_DETAILED, Math.max(due.length, steps.length, changes.length, undone.length, acts.length));

/** The mail in both forms, with fewer details when it would be cut off, and where that is not enough with shorter lists. */
function writeWithin(bytes: number, draft: Draft, links: MailLinks, size: Size): { letter: Letter; text: string; html: string } {
  const letter = shortened(letterOf(draft, links, size.detailed), size.rows);
  const [text, html] = [writeText(letter), writeHtml(letter)];
  const { detailed, rows } = size;
  if ((detailed === 0 && rows <= 1) || fitIn(bytes, [text, html])) return { letter, text, html };
  const smaller = detailed > 0 ? { detailed: Math.floor(detailed / 2), rows } : { detailed, rows: Math.floor(rows / 2) };
  return writeWithin(bytes, draft, links, smaller);
}

function letterOf(draft: Draft, links: MailLinks, detailed: number): Letter {
  switch (draft.kind) {
    case 'confirmation':
      return confirmationMail(draft, links);
    case 'deputy_confirmation':
      return deputyMail(draft, links);
    case 'welcome':
      return welcomeMail(draft, links);
    case 'reminder':
    case 'change':
    case 'escalation':
    case 'acts':
      return dayMail(draft, links, detailed);
    case 'trial':
      return trialMail(draft, links);
    case 'unreminded':
      return unremindedMail(draft, links);
    case 'undeliverable':
      return undeliverableMail(draft, links);
    case 'partly_undeliverable':
      return partlyUndeliverableMail(draft, links);
    default:
      draft.kind satisfies 'deputy_undeliverable';
      return deputyLostMail(draft, links);
  }
}
