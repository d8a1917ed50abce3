/** The service's configuration: environment variables, checked together before anything starts. */
import { isIP } from 'node:net';
import { AppError } from '../calendars/errors.ts';
import { parseAddress } from '../calendars/mail-address.ts';

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

const SETTINGS = {
  HOST: { fits: () => true, allowed: '' },
  PORT: { fits: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, allowed: 'must be a number from 0 to 65535' },
  PUBLIC_URL: {
    fits: (text) => hasLength(text, 0, 150) && !/[?#]/.test(text) && isAddress(text, ['http:', 'https:']) && !new URL(text).username,
    allowed: 'must be a web address without a query, as https://kalender.example.org',
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
  BOUNCE_ADDRESS: {
    // The part before the @ leaves room for what tells one mail from another (RFC 5321, 4.5.3.1.1).
    fits: (text) => /^[\w.-]{1,14}@.{1,185}$/.test(readMailbox(text).address ?? ''),
    allowed: (text) =>
      readMailbox(text).fault ?? 'must have at most 14 letters or digits before the @, and 200 characters in all, as bounces@example.org',
  },
  OPERATOR_EMAIL: MAILBOX,
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
  LOG_LEVEL: { fits: (text) => LOG_LEVELS.some((level) => level === text), allowed: `must be one of ${LOG_LEVELS.join(', ')}` },
} as const satisfies Record<string, Setting>;

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

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
  /** Where mails that are not delivered after all come back to, each to an address of its own below it. */
  bounceAddress: string | undefined;
  /** Who watches over the service and gets a summary each day. */
  operatorEmail: string | undefined;
  /** Whom users of the API can turn to. */
  contact: Contact;
  secret: string | undefined;
  editorKey: string | null;
  /** Addresses or ranges whose X-Forwarded-For is believed; empty: nobody's. */
  trustedProxies: string[];
  logLevel: LogLevel;
}

/** Reads the environment. What is empty counts as not given, what is unknown is ignored. Throws `invalid`: a line that names every bad variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const texts: Partial<Record<keyof typeof SETTINGS, string>> = {};
  const faults: string[] = [];
  for (const [name, { fits, allowed }] of Object.entries(SETTINGS)) {
    const text = env[name];
    if (!text) continue;
    // The names are those of the settings.
    texts[name as keyof typeof SETTINGS] = text;
    if (!fits(text)) faults.push(`${name} ${typeof allowed === 'string' ? allowed : allowed(text)}`);
  }
  if (faults.length > 0) throw new AppError('invalid', faults.join('; '));
  const { HOST = '127.0.0.1', PORT = '3000', PUBLIC_URL = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${Number(PORT)}` } = texts;
  return {
    host: HOST,
    port: Number(PORT),
    publicUrl: PUBLIC_URL.replace(/\/+$/, ''),
    databaseUrl: texts.DATABASE_URL ?? 'file:data/inkoopkalender.db',
    isDefaultDatabase: texts.DATABASE_URL === undefined,
    mailUrl: texts.MAIL_URL ?? 'file:data/mail',
    mailFrom: mailboxIn(texts.MAIL_FROM) ?? 'inkoopkalender@localhost',
    bounceAddress: mailboxIn(texts.BOUNCE_ADDRESS),
    operatorEmail: mailboxIn(texts.OPERATOR_EMAIL),
    contact: contactIn(texts),
    secret: texts.SECRET,
    editorKey: texts.EDITOR_KEY ?? null,
    trustedProxies: listOf(texts.TRUSTED_PROXIES),
    logLevel: LOG_LEVELS.find((level) => level === texts.LOG_LEVEL) ?? 'info',
  };
}

/** What mails need of it, and of the secret that the store is signed with. */
export function mailSettingsOf({ publicUrl, mailFrom, bounceAddress, operatorEmail }: Config, secret: string) {
  return { publicUrl, secret, from: mailFrom, bounceAddress, operator: operatorEmail };
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

const isFile = (text: string) => /^file:(\/\/)?[^/\s]|^file:(\/\/)?\/[^/]/.test(text);

function isAddress(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '' && !/\s/.test(text);
}

function areAddresses(text: string): boolean {
  return listOf(text).every((range) => {
    const [address = '', bits] = range.split('/');
    const most = { 4: 32, 6: 128 }[isIP(address)];
    return most !== undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  });
}
