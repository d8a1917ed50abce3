/** What receivers find in the DNS of the sender's domain: whether it stands for our mails. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { envelopeSender } from '../../../jobs/sending/return-path.ts';
import { mailSettingsOf } from '../../config.ts';
import type { Notes } from './finding.ts';
import { reasonOf } from './reason.ts';
import type { Settings } from './settings.ts';

/** What says that there is no such record; anything else says that nobody knows. */
const NO_RECORD: readonly string[] = ['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA'];
const README = 'see "Mail that arrives" in the README';

type Names = Pick<Resolver, 'resolveTxt'>;

/** Asks for the records of SPF, DKIM and DMARC. Without a mail server nobody looks at them. */
export async function examineNames(
  notes: Notes,
  settings: Settings,
  names: Names = new Resolver({ timeout: 3000, tries: 1 }),
): Promise<void> {
  const { config, signingKey } = settings;
  if (config.mailUrl.startsWith('file:')) return notes.ok('no mail leaves, so nobody asks for SPF, DKIM and DMARC');
  const sender = domainOf(config.mailFrom);
  if (!sender.includes('.'))
    return notes.warn(`MAIL_FROM is of ${sender}, which nobody outside knows`, `take an address of your own domain, and ${README}`);
  const path = domainOf(envelopeSender(mailSettingsOf(config, { secret: settings.secret ?? '', signingKey: undefined }), ''));
  await examineSpf(notes, path, names);
  if (signingKey) await examineDkim(notes, signingKey, names);
  else notes.ok('DKIM: not signed here; the provider may do so: see the headers of a test mail');
  await examineDmarc(notes, sender, names);
}

async function examineSpf({ fault, ok, warn }: Notes, domain: string, names: Names) {
  const records = await textsAt(names, domain);
  if (typeof records === 'string') return warn(`SPF: ${domain} could not be asked for (${records})`, UNASKED);
  const policies = records.filter((record) => /^v=spf1(\s|$)/i.test(record));
  if (policies.length === 0) warn(`SPF: ${domain}, of the return address, says nothing`, `publish which servers send for it: ${README}`);
  else if (policies.length > 1) fault(`SPF: ${domain} has ${policies.length} records, and receivers count none`, 'make one of them');
  else ok(`SPF: ${domain} says ${policies[0]}`);
}

async function examineDkim({ fault, ok, warn }: Notes, { domain, key, selector }: NonNullable<Settings['signingKey']>, names: Names) {
  const name = `${selector}._domainkey.${domain}`;
  const records = await textsAt(names, name);
  const own = publicTextOf(key);
  if (typeof records === 'string') return warn(`DKIM: ${name} could not be asked for (${records})`, UNASKED);
  const keys = records.map((record) => /(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1]?.replaceAll(/\s/g, ''));
  if (keys.includes(own)) ok(`DKIM: ${name} has the key that signs`);
  else if (records.length === 0)
    fault(`DKIM: there is no record ${name}, so no signature is believed`, `publish a TXT record there: v=DKIM1; k=rsa; p=${own}`);
  else
    fault(
      `DKIM: ${name} has another key than the one that signs, so no signature is believed`,
      `publish this one there: v=DKIM1; k=rsa; p=${own}`,
    );
}

async function examineDmarc({ ok, warn }: Notes, domain: string, names: Names) {
  // Where a domain says nothing, the one that it belongs to speaks for it.
  const parent = domain.split('.').slice(-2).join('.');
  for (const one of new Set([domain, parent])) {
    const records = await textsAt(names, `_dmarc.${one}`);
    if (typeof records === 'string') return warn(`DMARC: _dmarc.${one} could not be asked for (${records})`, UNASKED);
    const policy = records.find((record) => /^v=DMARC1\s*(;|$)/.test(record));
    if (policy) return ok(`DMARC: _dmarc.${one} says ${policy}`);
  }
  warn(
    `DMARC: ${domain} says nothing, and some receivers take no mail without it`,
    `publish a TXT record _dmarc.${domain}, as v=DMARC1; p=none: ${README}`,
  );
}

const UNASKED = 'look whether this machine reaches a name server, and ask again';
const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** The texts at a name, none where there are none; or in a word why nobody knows. */
async function textsAt(names: Names, name: string): Promise<string[] | string> {
  try {
    // A long text comes in several pieces.
    return (await names.resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch (error) {
    const reason = reasonOf(error);
    return NO_RECORD.includes(reason) ? [] : reason;
  }
}

const publicTextOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
