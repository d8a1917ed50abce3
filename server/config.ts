/** The service's configuration: environment variables, checked together before anything starts. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { Type, type Static } from '../calendars/typebox.ts';
import { OneOf } from '../calendars/deadline.ts';
import { AppError } from '../calendars/errors.ts';
import { createValidator, explainFaults } from '../calendars/validation.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.String({ format: 'port', default: '3000' }),
  PUBLIC_URL: Type.Optional(Type.String({ format: 'public-url', maxLength: 150 })),
  DATABASE_URL: Type.String({ format: 'database-url', default: 'file:data/inkoopkalender.db' }),
  MAIL_URL: Type.String({ format: 'mail-url', default: 'file:data/mail' }),
  MAIL_FROM: Type.String({ pattern: '^[^\\s<>"@]+@[^\\s<>"@]+$', maxLength: 254, default: 'inkoopkalender@localhost' }),
  // The part before the @ leaves room for what tells one mail from another (RFC 5321, 4.5.3.1.1).
  BOUNCE_ADDRESS: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,14}@[^\\s<>"@]+$', maxLength: 200 })),
  OPERATOR_EMAIL: Type.Optional(Type.String({ pattern: '^[^\\s<>"@]+@[^\\s<>"@]+$', maxLength: 254 })),
  SECRET: Type.Optional(Type.String({ minLength: 32, maxLength: 512 })),
  EDITOR_KEY: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{24,512}$' })),
  TRUSTED_PROXIES: Type.Optional(Type.String({ format: 'proxies', maxLength: 1000 })),
  LOG_LEVEL: { ...OneOf(LOG_LEVELS), default: 'info' },
});

const ALLOWED: Record<string, string> = {
  PORT: 'must be a number from 0 to 65535',
  PUBLIC_URL: 'must be a web address without a query, as https://kalender.example.org',
  DATABASE_URL: 'must start with file: or postgres://, and be a whole address, as postgres://user:password@host/database',
  MAIL_URL: 'must start with file:, smtp:// or smtps://, and be a whole address, as smtp://mail.example.org:587',
  MAIL_FROM: 'must be one mail address, as kalender@example.org',
  BOUNCE_ADDRESS: 'must be one mail address with at most 14 letters or digits before the @, as bounces@example.org',
  OPERATOR_EMAIL: 'must be one mail address, as beheer@example.org',
  SECRET: 'must have 32 to 512 characters',
  TRUSTED_PROXIES: 'must be addresses or ranges, as 10.0.0.0/8, 127.0.0.1',
  EDITOR_KEY: 'must have 24 to 512 printable characters, without spaces',
};

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
  secret: string | undefined;
  editorKey: string | null;
  /** Addresses or ranges whose X-Forwarded-For is believed; empty: nobody's. */
  trustedProxies: string[];
  logLevel: Static<typeof Environment>['LOG_LEVEL'];
}

/** Reads the environment. What is empty counts as not given, what is unknown is ignored. Throws `invalid`: a line that names every bad variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.keys(Environment.properties).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const validate = validatorOf().compile<Static<typeof Environment>>(Environment);
  // The validator fills in the defaults, so what it accepts has its full type.
  const values: unknown = given;
  if (!validate(values)) {
    const faults = explainFaults(validate.errors ?? []).map(({ field, message }) => `${field} ${ALLOWED[field] ?? message}`);
    throw new AppError('invalid', [...new Set(faults)].join('; '));
  }
  const { HOST, PORT, EDITOR_KEY, PUBLIC_URL } = values;
  return {
    host: HOST,
    port: Number(PORT),
    publicUrl: (PUBLIC_URL ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${Number(PORT)}`).replace(/\/+$/, ''),
    databaseUrl: values.DATABASE_URL,
    isDefaultDatabase: !env['DATABASE_URL'],
    mailUrl: values.MAIL_URL,
    mailFrom: values.MAIL_FROM,
    bounceAddress: values.BOUNCE_ADDRESS,
    operatorEmail: values.OPERATOR_EMAIL,
    secret: values.SECRET,
    editorKey: EDITOR_KEY ?? null,
    trustedProxies: listOf(values.TRUSTED_PROXIES),
    logLevel: values.LOG_LEVEL,
  };
}

/** A list as it stands in one variable, with commas between. */
function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function validatorOf() {
  const ajv = createValidator();
  ajv.addFormat('proxies', areAddresses);
  ajv.addFormat('port', (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535);
  ajv.addFormat('public-url', (text) => !/[?#]/.test(text) && isAddress(text, ['http:', 'https:']) && !new URL(text).username);
  ajv.addFormat('database-url', (text) => isFile(text) || isAddress(text, ['postgres:', 'postgresql:']));
  ajv.addFormat('mail-url', (text) => isFile(text) || isAddress(text, ['smtp:', 'smtps:']));
  return ajv;
}

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

/** The secret that signs links: the configured one, or one that is made once and kept in a file that only its owner can read. */
export function readSecret(configured: string | undefined, file = 'data/secret'): string {
  if (configured !== undefined) return configured;
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // `wx`: of two first starts at the same moment, one makes it and the other reads it.
    try {
      writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}
