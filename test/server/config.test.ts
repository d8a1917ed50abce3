import { expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';

it('runs with nothing given', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    databaseUrl: 'file:data/inkoopkalender.db',
    isDefaultDatabase: true,
    loadsRegistry: true,
    publisher: null,
    mailUrl: 'file:data/mail',
    mailFrom: 'inkoopkalender@localhost',
    dkim: null,
    operator: null,
    signUp: 'open',
    contact: {},
    secret: undefined,
    editorKey: null,
    trustedProxies: [],
    backups: 'data/backups',
    retentionMonths: 24,
    logLevel: 'info',
  });
});

it('takes what is given, ignores what it does not know, and lets empty stand for not given', () => {
  const env = { HOST: '::1', PORT: '8080', DATABASE_URL: 'postgres://a@b/c', SECRET: '', SHELL: '/bin/sh', LOG_LEVEL: 'warn' };
  expect(readConfig(env)).toMatchObject({
    publicUrl: 'http://[::1]:8080',
    databaseUrl: 'postgres://a@b/c',
    isDefaultDatabase: false,
    logLevel: 'warn',
  });
  expect(readConfig({ RETENTION_MONTHS: '2' }).retentionMonths).toBe(2);
  expect(readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  expect([readConfig({ BACKUPS: 'none' }).backups, readConfig({ BACKUPS: '/var/kopie' }).backups]).toEqual([null, '/var/kopie']);
  expect([readConfig({}).loadsRegistry, readConfig({ REGISTRY: 'empty' }).loadsRegistry]).toEqual([true, false]);
  expect(readConfig({ PUBLIC_URL: 'https://kalender.example.org/' }).publicUrl).toBe('https://kalender.example.org');
  expect(readConfig({ PUBLIC_URL: 'https://example.org/zorg/kalender/' }).publicUrl).toBe('https://example.org/zorg/kalender');
});

it('takes mail addresses as people paste them, also of the own network, and writes their domains in ASCII', () => {
  const env = {
    MAIL_FROM: ' Kalender@MÜNCHEN.example ',
    BOUNCE_ADDRESS: '\u202abounces@localhost\u202c',
    OPERATOR_EMAIL: 'beheer@example.org\r',
    REPLY_TO: ' vragen@MÜNCHEN.example',
  };
  expect(readConfig(env)).toMatchObject({
    mailFrom: 'Kalender@xn--mnchen-3ya.example',
    bounceAddress: 'bounces@localhost',
    operatorEmail: 'beheer@example.org',
    replyTo: 'vragen@xn--mnchen-3ya.example',
  });
});

it('signs mails where domain, selector and key are given, and writes the domain in ASCII', () => {
  const env = { DKIM_DOMAIN: 'MÜNCHEN.example', DKIM_SELECTOR: 'kalender1', DKIM_KEY_FILE: '/etc/dkim.pem' };
  expect(readConfig(env).dkim).toEqual({ domain: 'xn--mnchen-3ya.example', selector: 'kalender1', keyFile: '/etc/dkim.pem' });
});

it('says whom users of the API can turn to, as far as it is given', () => {
  const env = { CONTACT_URL: 'https://example.org/contact', CONTACT_EMAIL: ' API@Example.org ' };
  expect(readConfig(env).contact).toEqual({ url: 'https://example.org/contact', email: 'API@example.org' });
  expect(readConfig({ CONTACT_EMAIL: 'api@example.org' }).contact).toEqual({ email: 'api@example.org' });
});

it.each([
  [{ DKIM_DOMAIN: 'example.org' }, 'DKIM_SELECTOR and DKIM_KEY_FILE must be given too, where mails are signed'],
  [{ DKIM_DOMAIN: 'example.org', DKIM_KEY_FILE: 'k' }, 'DKIM_SELECTOR must be given too, where mails are signed'],
  [{ DKIM_DOMAIN: 'a b', DKIM_SELECTOR: 's', DKIM_KEY_FILE: 'k' }, 'DKIM_DOMAIN must be a domain, as example.org'],
  [{ DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 's;t', DKIM_KEY_FILE: 'k' }, 'DKIM_SELECTOR must be a name in the DNS'],
  [{ CONTACT_URL: 'example.org/contact' }, 'CONTACT_URL must be a web address, as https://example.org/contact'],
  [{ CONTACT_URL: 'mailto:api@example.org' }, 'CONTACT_URL must be a web address, as https://example.org/contact'],
  [{ CONTACT_EMAIL: 'api' }, 'CONTACT_EMAIL must'],
  [{ BACKUPS: '   ' }, 'BACKUPS must be a folder, or none'],
  [{ REGISTRY: 'leeg' }, 'REGISTRY must be bundled or empty'],
  [{ PORT: '80a' }, 'PORT must be a number from 0 to 65535'],
  [{ PORT: '0x10' }, 'PORT must be a number from 0 to 65535'],
  [{ PUBLIC_URL: 'http://x:99999' }, 'PUBLIC_URL must be a web address'],
  [{ PUBLIC_URL: 'http://[x' }, 'PUBLIC_URL must be a web address'],
  [{ PUBLIC_URL: 'https://user:pw@x' }, 'PUBLIC_URL must be a web address'],
  [{ MAIL_URL: 'smtp://:587' }, 'MAIL_URL must start with'],
  [{ MAIL_URL: 'smtp://h:99999' }, 'MAIL_URL must start with'],
  [{ DATABASE_URL: 'postgres://' }, 'DATABASE_URL must start with'],
  [{ PORT: '70000' }, 'PORT must be a number from 0 to 65535'],
  [{ PORT: '' + 3.5 }, 'PORT must be a number from 0 to 65535'],
  [{ PUBLIC_URL: 'kalender.example.org' }, 'PUBLIC_URL must be a web address without a query, as https://kalender.example.org'],
  [{ PUBLIC_URL: 'https:kalender.example.org' }, 'PUBLIC_URL must be a web address'],
  [{ PUBLIC_URL: 'https:\\\\kalender.example.org' }, 'PUBLIC_URL must be a web address'],
  [
    { PUBLIC_URL: 'https://example.org/zorg%20kalender' },
    'PUBLIC_URL must have a path of letters, digits and . _ ~ - alone, with one slash between its parts, as https://example.org/zorg/kalender',
  ],
  [{ PUBLIC_URL: 'https://example.org/café' }, 'PUBLIC_URL must have a path of letters'],
  [{ PUBLIC_URL: 'https://example.org//zorg' }, 'PUBLIC_URL must have a path of letters'],
  [{ PUBLIC_URL: 'https://example.org/zorg//kalender' }, 'PUBLIC_URL must have a path of letters'],
  [{ PUBLIC_URL: 'https://example.org/zorg/../kalender' }, 'PUBLIC_URL must have a path of letters'],
  [{ PUBLIC_URL: 'https://example.org/./zorg' }, 'PUBLIC_URL must have a path of letters'],
  [{ PUBLIC_URL: 'https://example.org/zorg\\kalender' }, 'PUBLIC_URL must have a path of letters'],
  [
    { PUBLIC_URL: 'https://example.org/feeds' },
    'PUBLIC_URL must have a path that does not begin with /feeds, where the service itself answers (/zorg/feeds will do)',
  ],
  [
    { DATABASE_URL: 'mysql://x' },
    'DATABASE_URL must start with file: or postgres://, and be a whole address, as postgres://user:password@host/database',
  ],
  [{ MAIL_URL: 'x' }, 'MAIL_URL must start with file:, smtp:// or smtps://, and be a whole address, as smtp://mail.example.org:587'],
  [{ MAIL_FROM: 'a b@c' }, 'MAIL_FROM must be one mail address, as name@example.org, without a name or brackets around it'],
  [
    { MAIL_FROM: 'Inkoop <a@example.org>' },
    'MAIL_FROM must be one mail address, as name@example.org, without a name or brackets around it',
  ],
  [{ OPERATOR_EMAIL: 'a..b@example.org' }, 'OPERATOR_EMAIL must not begin or end with a dot before the @, or have two in a row there'],
  [
    { OPERATOR_EMAIL: '"a b"@example.org' },
    'OPERATOR_EMAIL must not have quotation marks before the @: mail to such an address is not sent',
  ],
  [
    { REPLY_TO: 'Vragen <vragen@example.org>' },
    'REPLY_TO must be one mail address, as name@example.org, without a name or brackets around it',
  ],
  [{ BOUNCE_ADDRESS: 'bounces@-example.org' }, 'BOUNCE_ADDRESS must have a domain after the @ that can exist, as example.org'],
  [
    { BOUNCE_ADDRESS: 'returned-mails-of-ours@example.org' },
    'BOUNCE_ADDRESS must have at most 14 letters or digits before the @, and 200 characters in all, as bounces@example.org',
  ],
  [{ BOUNCE_ADDRESS: 'a+b@example.org' }, 'BOUNCE_ADDRESS must have at most 14 letters or digits before the @'],
  [{ PING_URL: 'hc-ping.com/x' }, 'PING_URL must be a web address without a name or password before the host'],
  [{ PING_URL: 'https://user:pw@watch.example' }, 'PING_URL must be a web address without a name or password before the host'],
  [{ SECRET: 'short' }, 'SECRET must have 32 to 512 characters'],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be addresses or ranges, as 10.0.0.0/8, 127.0.0.1'],
  [{ EDITOR_KEY: 'with spaces in the middle of it' }, 'EDITOR_KEY must have 24 to 512 printable characters, without spaces'],
  ...['1', '1201', '24.5', '-3', 'for ever'].map((text): [Record<string, string>, string] => [
    { RETENTION_MONTHS: text },
    'RETENTION_MONTHS must be a whole number of months from 2 to 1200',
  ]),
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
  [{ PORT: 'x', SECRET: 'y' }, 'PORT must be a number from 0 to 65535; SECRET must have 32 to 512 characters'],
])('names every bad variable in one line: %o', (env, line) => {
  expect(() => readConfig(env)).toThrow(line);
});
