/** The service's configuration: environment variables, checked together before anything starts. */
import { isIP } from 'node:net';
import { AppError } from '../calendars/errors.ts';
import { parseAddress } from '../calendars/mail-address.ts';
import { SIGN_UPS, type SignUp } from '../db/people/sign-up.ts';
import { basePathOf, faultOfBasePath } from './base-path.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** What a variable may be, and how that is said. A schema would say no more, and take a start longer than its database. */
interface Setting {
  fits: (text: string) => boolean;
  allowed: string | ((text: string) => string);
}

/** An address that mail leaves from or goes to; here a host of the own network will do. */
const readMailbox = (text: string) => parseAddress(text, { localHost: true });
const MAILBOX = { fits: (text) => readMailbox(text).fault === null, allowed: (text) => readMailbox(text).fault ?? '' } satisfies Setting;

/** What people read of who runs the service, in one line. */
const NAME = {
  fits: (text) => hasLength(text, 1, 300) && !/\p{Cc}/u.test(text) && text.trim() !== '',
  allowed: 'must be one line of at most 300 characters',
} satisfies Setting;

/** The domain that a text gives, in ASCII; null where it is none. */
const domainIn = (text: string) => parseAddress(`mail@${text}`).address?.slice('mail@'.length) ?? null;
/** What the service itself asks of messages goes back a month; a century is for ever. */
const [LEAST_MONTHS, MOST_MONTHS] = [2, 1200];

const SETTINGS = {
  HOST: { fits: () => true, allowed: '' },
  PORT: { fits: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, allowed: 'must be a number from 0 to 65535' },
  PUBLIC_URL: {
    fits: (text) => isWebAddress(text) && faultOfBasePath(basePathOf(text)) === null,
    allowed: (text) =>
      isWebAddress(text)
        ? `must ${faultOfBasePath(basePathOf(text))}`
        : 'must be a web address without a query, as https://kalender.example.org or https://example.org/zorg/kalender',
  },
  DATABASE_URL: {
    fits: (text) => isFile(text) || isAddress(text, ['postgres:', 'postgresql:']),
    allowed: 'must start with file: or postgres://, and be a whole address, as postgres://user:password@host/database',
  },
  MAIL_URL: {
    fits: (text) => isFile(text) || isAddress(text, ['smtp:', 'smtps:']),
    allowed: 'must start with file:, smtp:// or smtps://, and be a whole address, as smtp://mail.example.org:587',
  },
  MAIL_FROM: MAILBOX,
  REPLY_TO: MAILBOX,
  DKIM_DOMAIN: { fits: (text) => domainIn(text) !== null, allowed: 'must be a domain, as example.org' },
  DKIM_SELECTOR: {
    fits: (text) => /^(?=.{1,63}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(text),
    allowed: 'must be a name in the DNS, of letters, digits and hyphens, as kalender1',
  },
  DKIM_KEY_FILE: { fits: () => true, allowed: '' },
  BOUNCE_ADDRESS: {
    // The part before the @ leaves room for what tells one mail from another (RFC 5321, 4.5.3.1.1).
    fits: (text) => /^[\w.-]{1,14}@.{1,185}$/.test(readMailbox(text).address ?? ''),
    allowed: (text) =>
      readMailbox(text).fault ?? 'must have at most 14 letters or digits before the @, and 200 characters in all, as bounces@example.org',
  },
  OPERATOR_EMAIL: MAILBOX,
  OPERATOR_NAME: NAME,
  OPERATOR_ADDRESS: NAME,
  PUBLISHER_NAME: NAME,
  PUBLISHER_URL: {
    fits: (text) => hasLength(text, 0, 500) && isAddress(text, ['http:', 'https:']) && !new URL(text).username,
    allowed: 'must be a web address, as https://example.org',
  },
  SIGN_UP: { fits: (text) => SIGN_UPS.some((one) => one === text), allowed: 'must be open, invited or closed' },
  PING_URL: {
    fits: (text) => hasLength(text, 0, 500) && isAddress(text, ['http:', 'https:']) && !new URL(text).username && !new URL(text).password,
    allowed: 'must be a web address without a name or password before the host, as https://watch.example.org/ping/inkoopkalender',
  },
  CONTACT_URL: {
    fits: (text) => hasLength(text, 0, 500) && isAddress(text, ['http:', 'https:']) && !new URL(text).username,
    allowed: 'must be a web address, as https://example.org/contact',
  },
  CONTACT_EMAIL: { fits: (text) => parseAddress(text).fault === null, allowed: (text) => parseAddress(text).fault ?? '' },
  SECRET: { fits: (text) => hasLength(text, 32, 512), allowed: 'must have 32 to 512 characters' },
  EDITOR_KEY: { fits: (text) => /^[\x21-\x7e]{24,512}$/.test(text), allowed: 'must have 24 to 512 printable characters, without spaces' },
  TRUSTED_PROXIES: {
    fits: (text) => hasLength(text, 0, 1000) && areAddresses(text),
    allowed: 'must be addresses or ranges, as 10.0.0.0/8, 127.0.0.1',
  },
  REGISTRY: { fits: (text) => text === 'bundled' || text === 'empty', allowed: 'must be bundled or empty' },
  BACKUPS: { fits: (text) => text.trim() !== '' && !text.includes('\0'), allowed: 'must be a folder, or none' },
  RETENTION_MONTHS: { fits: isRetention, allowed: `must be a whole number of months from ${LEAST_MONTHS} to ${MOST_MONTHS}` },
  LOG_LEVEL: { fits: (text) => LOG_LEVELS.some((level) => level === text), allowed: `must be one of ${LOG_LEVELS.join(', ')}` },
} as const satisfies Record<string, Setting>;

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Settings of which none is of use alone. */
const TOGETHER = [
  { names: ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'], where: 'where mails are signed' },
  { names: ['OPERATOR_NAME', 'OPERATOR_ADDRESS'], where: 'where it is said who runs the service' },
] as const;

/** What was given, by the setting's name. */
type Texts = Partial<Record<keyof typeof SETTINGS, string>>;
/** Either, both or neither. */
export interface Contact {
  url?: string;
  email?: string;
}

export interface Config {
  host: string;
  port: number;
  /** Without a slash at the end. */
  publicUrl: string;
  databaseUrl: string;
  /** Whether the database is the embedded one that nobody chose: only there a first start makes a demonstration. */
  isDefaultDatabase: boolean;
  mailUrl: string;
  mailFrom: string;
  /** Who reads what people answer to a mail; without it, answers go to the sender. */
  replyTo: string | undefined;
  /** Who signs mails, and where the private key is; null: nobody does. */
  dkim: { domain: string; selector: string; keyFile: string } | null;
  /** Where mails that are not delivered after all come back to, each to an address of its own below it. */
  bounceAddress: string | undefined;
  /** Who watches over the service and gets a summary each day. */
  operatorEmail: string | undefined;
  /** Who runs the service and answers for it, as people read it; null: it is not said. */
  operator: { name: string; address: string } | null;
  /** Who publishes the open data, where that is not who runs the service; with a web address, or an identifier of that form. */
  publisher: { name: string; url: string | null } | null;
  /** Who may enrol an organisation. */
  signUp: SignUp;
  /** Asked for after each good round, for who watches from outside. */
  pingUrl: string | undefined;
  /** Whom users of the API can turn to. */
  contact: Contact;
  secret: string | undefined;
  editorKey: string | null;
  /** Addresses or ranges whose X-Forwarded-For is believed; empty: nobody's. */
  trustedProxies: string[];
  /** Whether a start loads the registry's own files; else it begins empty, and holds what is entered or applied. */
  loadsRegistry: boolean;
  /** The folder of the backups that are made by themselves; null: none are. */
  backups: string | null;
  /** How many months messages are kept. */
  retentionMonths: number;
  logLevel: LogLevel;
}

/** What is given, and what of it is bad: the variables that each fault is about, and a line that names them. What is empty counts as not given. */
export function readTexts(env: NodeJS.ProcessEnv): { texts: Texts; faults: { names: readonly string[]; line: string }[] } {
  const texts: Texts = {};
  const faults: { names: readonly string[]; line: string }[] = [];
  for (const [name, { fits, allowed }] of Object.entries(SETTINGS)) {
    const text = env[name];
    if (!text) continue;
    // The names are those of the settings.
    texts[name as keyof typeof SETTINGS] = text;
    if (!fits(text)) faults.push({ names: [name], line: `${name} ${typeof allowed === 'string' ? allowed : allowed(text)}` });
  }
  for (const { names, where } of TOGETHER) {
    const missing = names.filter((name) => texts[name] === undefined);
    if (missing.length > 0 && missing.length < names.length)
      faults.push({ names, line: `${missing.join(' and ')} must be given too, ${where}` });
  }
  return { texts, faults };
}

/** Reads the environment; what is unknown is ignored. Throws `invalid`: a line that names every bad variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { faults, texts } = readTexts(env);
  if (faults.length > 0) throw new AppError('invalid', faults.map(({ line }) => line).join('; '));
  const { HOST = '127.0.0.1', PORT = '3000', PUBLIC_URL = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${Number(PORT)}` } = texts;
  return {
    host: HOST,
    port: Number(PORT),
    publicUrl: PUBLIC_URL.replace(/\/+$/, ''),
    databaseUrl: texts.DATABASE_URL ?? 'file:data/inkoopkalender.db',
    isDefaultDatabase: texts.DATABASE_URL === undefined,
    mailUrl: texts.MAIL_URL ?? 'file:data/mail',
    mailFrom: mailboxIn(texts.MAIL_FROM) ?? 'inkoopkalender@localhost',
    replyTo: mailboxIn(texts.REPLY_TO),
    dkim: dkimIn(texts),
    bounceAddress: mailboxIn(texts.BOUNCE_ADDRESS),
    operatorEmail: mailboxIn(texts.OPERATOR_EMAIL),
    operator: operatorIn(texts),
    publisher: texts.PUBLISHER_NAME === undefined ? null : { name: texts.PUBLISHER_NAME.trim(), url: texts.PUBLISHER_URL ?? null },
    signUp: SIGN_UPS.find((one) => one === texts.SIGN_UP) ?? 'open',
    pingUrl: texts.PING_URL,
    contact: contactIn(texts),
    secret: texts.SECRET,
    editorKey: texts.EDITOR_KEY ?? null,
    trustedProxies: listOf(texts.TRUSTED_PROXIES),
    loadsRegistry: texts.REGISTRY !== 'empty',
    backups: texts.BACKUPS === 'none' ? null : (texts.BACKUPS ?? 'data/backups'),
    retentionMonths: Number(texts.RETENTION_MONTHS ?? 24),
    logLevel: LOG_LEVELS.find((level) => level === texts.LOG_LEVEL) ?? 'info',
  };
}

/** What mails need of it, of the secret that the store is signed with, and of the key that signs their bytes, where there is one. */
export function mailSettingsOf<K>(config: Config, { secret, signingKey }: { secret: string; signingKey: K }) {
  const { bounceAddress, mailFrom, operatorEmail, publicUrl, replyTo } = config;
  return { publicUrl, secret, from: mailFrom, replyTo, signingKey, bounceAddress, operator: operatorEmail };
}

function dkimIn({ DKIM_DOMAIN, DKIM_KEY_FILE, DKIM_SELECTOR }: Texts): Config['dkim'] {
  const domain = domainIn(DKIM_DOMAIN ?? '');
  if (domain === null || DKIM_SELECTOR === undefined || DKIM_KEY_FILE === undefined) return null;
  return { domain, selector: DKIM_SELECTOR, keyFile: DKIM_KEY_FILE };
}

function operatorIn({ OPERATOR_ADDRESS: address, OPERATOR_NAME: name }: Texts): Config['operator'] {
  return name === undefined || address === undefined ? null : { name: name.trim(), address: address.trim() };
}

function contactIn({ CONTACT_URL: url, CONTACT_EMAIL: email }: { CONTACT_URL?: string; CONTACT_EMAIL?: string }): Contact {
  return { ...(url === undefined ? {} : { url: new URL(url).href }), ...(email === undefined ? {} : { email: mailboxIn(email)! }) };
}

/** A list as it stands in one variable, with commas between. */
function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** In code points, so that what counts as a character does not depend on its alphabet. */
function hasLength(text: string, least: number, most: number): boolean {
  const { length } = Array.from(text);
  return length >= least && length <= most;
}

const mailboxIn = (text: string | undefined) => (text === undefined ? undefined : (readMailbox(text).address ?? undefined));

function isRetention(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= LEAST_MONTHS && Number(text) <= MOST_MONTHS;
}

const isFile = (text: string) => /^file:(\/\/)?[^/\s]|^file:(\/\/)?\/[^/]/.test(text);

function isAddress(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '' && !/\s/.test(text);
}

/** Written with its slashes: what is put behind it has to be an address too. */
function isWebAddress(text: string): boolean {
  if (!hasLength(text, 0, 150) || !/^https?:\/\/[^/\\]+(\/|$)/i.test(text) || /[?#]/.test(text)) return false;
  return isAddress(text, ['http:', 'https:']) && !new URL(text).username;
}

function areAddresses(text: string): boolean {
  return listOf(text).every((range) => {
    const [address = '', bits] = range.split('/');
    const most = { 4: 32, 6: 128 }[isIP(address)];
    return most !== undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  });
}
