/** Mail: how far one comes with the mail server, stage by stage, and a test mail where one is asked for. */
import { randomUUID } from 'node:crypto';
import { OPERATOR } from '../../../db/schema/schema.ts';
import { composeMail } from '../../../jobs/mails/compose.ts';
import { signMail } from '../../../jobs/transport/signature.ts';
import { envelopeSender } from '../../../jobs/sending/return-path.ts';
import { MAIL_STAGES, walkToServer, type MailCourse } from '../../../jobs/transport/mail-trial.ts';
import { staysOnMachine, openMailer } from '../../../jobs/transport/mailer.ts';
import { mailSettingsOf } from '../../config.ts';
import { VERSION } from '../../version.ts';
import type { Notes } from './finding.ts';
import type { Settings } from './settings.ts';

const DAY_MS = 86_400_000;
/** A certificate is renewed a month before its end, as a rule. */
const FEW_DAYS = 14;

/** Goes to the mail server until it takes our sender. `to`: who gets a test mail, if anybody. */
export async function examineMail(
  notes: Notes,
  settings: Settings,
  { isHeld, now, to }: { isHeld: boolean; now: Date; to: string | undefined },
): Promise<void> {
  if (isHeld) notes.warn('an operator holds all mail', 'look with "npm run cli -- hold list", and let it go with "hold off"');
  const { config } = settings;
  if (config.mailUrl.startsWith('file:'))
    notes.warn(
      `MAIL_URL is a folder (${config.mailUrl}): no mail leaves this machine`,
      'give a mail server, as smtp://host:587, where mails are to arrive',
    );
  else tellCourse(notes, config.mailUrl, await walkToServer(config.mailUrl, senderOf(settings)), now);
  if (to !== undefined) await sendTestMail(notes, settings, { now, to });
}

/** What each stage says where it went well. */
const PASSED: Record<(typeof MAIL_STAGES)[number], (course: MailCourse, host: string) => string> = {
  name: (_, host) => `name: ${host} is found`,
  connection: (_, host) => `dial: ${host} answers`,
  greeting: () => 'greeting: the server will have us',
  encryption: ({ encryption }) => `TLS: ${encryption?.protocol}`,
  login: () => 'login: accepted',
  sender: () => 'sender: accepted',
};

const TODO: Record<string, string> = {
  name: 'mend the host in MAIL_URL, or the DNS of this machine',
  connection: 'look whether host and port in MAIL_URL are right, whether the server runs, and whether a firewall is between',
  greeting: 'ask whoever runs the server to let this machine in',
  encryption: 'let the server offer TLS with a certificate for its name, or mend MAIL_URL: smtps:// is for port 465, smtp:// for 587',
  login: 'mend user and password in MAIL_URL; a %, @ or : in them is written %25, %40 or %3A',
  sender: 'ask whoever runs the server to let this login send as MAIL_FROM and BOUNCE_ADDRESS, or mend those',
};

function tellCourse({ fault, ok, warn }: Notes, mailUrl: string, course: MailCourse, now: Date) {
  const { encryption, logsIn, trouble } = course;
  const { hostname } = new URL(mailUrl);
  const end = trouble ? MAIL_STAGES.findIndex((stage) => stage === trouble.stage) : MAIL_STAGES.length;
  for (const stage of MAIL_STAGES.slice(0, end)) {
    if (stage === 'login' && !logsIn) ok('login: none is asked for');
    else if (stage !== 'encryption') ok(PASSED[stage](course, hostname));
    else if (encryption) tellEncryption({ ok, warn }, encryption, now);
    // Before a login that failed nobody looked.
    else if (trouble === null || trouble.stage === 'sender') tellPlain({ fault, ok, warn }, mailUrl);
  }
  if (trouble) fault(`${STAGE_NAMES[trouble.stage] ?? trouble.stage}: ${trouble.response}`, TODO[trouble.stage] ?? '');
}

const STAGE_NAMES: Record<string, string> = { connection: 'dial', encryption: 'TLS' };

function tellPlain({ ok, warn }: Notes, mailUrl: string) {
  if (staysOnMachine(mailUrl)) ok('TLS: none, to a server on this machine');
  else warn('TLS: none: mails and the password go in clear text', 'let the server offer TLS, and write ?requireTLS=true behind MAIL_URL');
}

/** What there is to say of an encrypted connection. What the mailer refuses does not come so far. */
export function tellEncryption(
  { ok, warn }: Pick<Notes, 'ok' | 'warn'>,
  { protocol, validTo }: NonNullable<MailCourse['encryption']>,
  now: Date,
) {
  const days = validTo === null ? null : Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
  const todo = 'let whoever runs the server renew it';
  if (days === null) ok(`TLS: ${protocol}`);
  else if (days < 0) warn(`TLS: ${protocol}, the certificate ended ${-days} days ago, and MAIL_URL lets that pass`, todo);
  else if (days < FEW_DAYS) warn(`TLS: ${protocol}, the certificate holds for ${days} days`, todo);
  else ok(`TLS: ${protocol}, the certificate holds for ${days} days`);
}

/** As in the envelope of any mail. */
function senderOf({ config, secret }: Settings, id: string = randomUUID()): string {
  return envelopeSender(mailSettingsOf(config, { secret: secret ?? '', signingKey: undefined }), id);
}

/** Not by the outbox: it has to arrive where the database does not work, too. */
async function sendTestMail({ fault, ok }: Notes, settings: Settings, { now, to }: { now: Date; to: string }) {
  const { config, secret, signingKey } = settings;
  const id = randomUUID();
  const subject = `Inkoopkalender: test mail of ${config.publicUrl}`;
  const { raw } = composeMail(
    { id },
    { kind: OPERATOR, to, subject, text: TEXT },
    mailSettingsOf(config, { secret: secret ?? '', signingKey }),
    now,
  );
  const mailer = openMailer(config.mailUrl);
  try {
    const signed = signingKey ? await signMail(raw, signingKey) : raw;
    const { response } = await mailer.send({ from: senderOf(settings, id), to, name: `test-${id}` }, signed);
    ok(`the test mail to ${to} was taken: ${response}`);
  } catch (error) {
    fault(
      `the test mail to ${to} was not taken: ${(error as Error).message}`,
      'see what the server says, and the section "Mail that arrives" in the README',
    );
  } finally {
    mailer.close();
  }
}

const TEXT = `This is a test mail of the Inkoopkalender, version ${VERSION}. Somebody asked for it with "npm run cli -- doctor --to".

It left in the same way as a reminder: look at its headers for what SPF, DKIM and DMARC say (Authentication-Results), and whether it came in the inbox or with the junk. An answer to it goes where answers to reminders go.
`;
