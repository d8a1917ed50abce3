/** What is typed of an insurer: as its form shows it, as it comes back, what is wrong with it, and what is kept. */
import { RESERVED_SLUG } from '../../../../calendars/agenda/selection.ts';
import { cleanLine, cleanUrl, withScheme } from '../../../../calendars/clean-text.ts';
import { parseAddress } from '../../../../calendars/mail-address.ts';
import { INSURER_KINDS, type InsurerKind } from '../../../../calendars/terms.ts';
import type { InsurerCard } from '../../../../db/registry/insurers.ts';
import { say } from '../frame.ts';

export const CONTACT_FIELDS = ['purpose', 'email', 'phone', 'url', 'hours'] as const;
type ContactField = (typeof CONTACT_FIELDS)[number];
export type TypedContact = Record<ContactField, string>;

export interface TypedInsurer {
  name: string;
  kind: InsurerKind;
  website: string;
  /** A line for each. */
  aliases: string;
  remarks: string;
  contacts: readonly TypedContact[];
}

/** What is wrong, by the name of the field. */
export type Faults = Readonly<Record<string, string>>;

const MOST = { name: 100, purpose: 300, email: 254, phone: 50, url: 500, hours: 100, aliases: 20, alias: 100, remarks: 100, remark: 2000 };
export const MOST_CONTACTS = 30;
export const NO_CONTACT: TypedContact = { purpose: '', email: '', phone: '', url: '', hours: '' };
export const NO_INSURER: TypedInsurer = { name: '', kind: 'health_insurer', website: '', aliases: '', remarks: '', contacts: [NO_CONTACT] };

export const contactName = (at: number, field: ContactField) => `contact-${at}-${field}`;

/** As it is kept, with room for one more contact. */
export function typedBy({ aliases, contacts, kind, name, remarks, website }: InsurerCard): TypedInsurer {
  const typed = contacts.map(({ email, hours, phone, purpose, url }) => ({
    purpose,
    email: email ?? '',
    phone: phone ?? '',
    url: url ?? '',
    hours: hours ?? '',
  }));
  return {
    name,
    kind,
    website: website ?? '',
    aliases: writeLines(aliases),
    remarks: writeLines(remarks),
    contacts: typed.length < MOST_CONTACTS ? [...typed, NO_CONTACT] : typed,
  };
}

/** As it came back. A contact of which nothing is filled in is none. */
export function typedIn(fields: URLSearchParams): TypedInsurer {
  const text = (name: string) => cleanLine(fields.get(name) ?? '');
  const contacts = Array.from({ length: MOST_CONTACTS + 1 }, (_, at): TypedContact => {
    const of = (field: ContactField) => text(contactName(at, field));
    return { purpose: of('purpose'), email: of('email'), phone: of('phone'), url: withScheme(of('url')), hours: of('hours') };
  });
  return {
    name: text('name'),
    kind: INSURER_KINDS.find((one) => one === fields.get('kind')) ?? 'health_insurer',
    website: withScheme(text('website')),
    aliases: writeLines(linesIn(fields.get('aliases') ?? '')),
    remarks: writeLines(linesIn(fields.get('remarks') ?? '')),
    contacts: contacts.filter((contact) => CONTACT_FIELDS.some((field) => contact[field] !== '')),
  };
}

export function faultsIn({ aliases, contacts, name, remarks, website }: TypedInsurer): Faults {
  return withFaults({
    name:
      name === ''
        ? error('name_missing')
        : name.length > MOST.name
          ? error('name_long', { most: MOST.name })
          : slugOf(name) === null && error('name_reserved'),
    website: website !== '' && !isAddress(website) && error('website'),
    aliases: tooMany(linesIn(aliases), MOST.aliases, MOST.alias) && error('aliases', { most: MOST.aliases, length: MOST.alias }),
    remarks: tooMany(linesIn(remarks), MOST.remarks, MOST.remark) && error('remarks', { most: MOST.remarks, length: MOST.remark }),
    [contactName(MOST_CONTACTS, 'purpose')]: contacts.length > MOST_CONTACTS && error('contacts', { most: MOST_CONTACTS }),
    ...Object.assign({}, ...contacts.map(contactFaults)),
  });
}

const error = (what: string, values: Record<string, string | number> = {}) => say(`papers:insurer.error.${what}`, values);
const tooMany = (lines: string[], most: number, length: number) => lines.length > most || lines.some((line) => line.length > length);

function contactFaults(contact: TypedContact, at: number): Record<string, string | false> {
  const { email, phone, purpose, url } = contact;
  const number = at + 1;
  const long = CONTACT_FIELDS.map((field): [string, string | false] => [
    contactName(at, field),
    contact[field].length > MOST[field] &&
      say('papers:insurer.error.long', { number, most: MOST[field], field: say(`papers:insurer.contact_field.${field}`) }),
  ]);
  return {
    ...Object.fromEntries(long),
    ...(purpose === '' ? { [contactName(at, 'purpose')]: error('purpose_missing', { number }) } : {}),
    ...(email + phone + url === '' ? { [contactName(at, 'email')]: error('way_missing', { number }) } : {}),
    ...(email !== '' && parseAddress(email).address === null ? { [contactName(at, 'email')]: error('email', { number }) } : {}),
    ...(url !== '' && !isAddress(url) ? { [contactName(at, 'url')]: error('url', { number }) } : {}),
  };
}

function withFaults(faults: Record<string, string | false>): Faults {
  return Object.fromEntries(Object.entries(faults).filter((fault): fault is [string, string] => fault[1] !== false));
}

/** What was typed without a fault, as it is kept. */
export function cardOf({ aliases, contacts, kind, name, remarks, website }: TypedInsurer): InsurerCard {
  return {
    name,
    kind,
    website: orNull(website),
    aliases: linesIn(aliases),
    remarks: linesIn(remarks),
    contacts: contacts.map(({ email, hours, phone, purpose, url }) => ({
      purpose,
      email: orNull(email),
      phone: orNull(phone),
      url: orNull(url),
      hours: orNull(hours),
    })),
  };
}

const orNull = (text: string) => (text === '' ? null : text);

/** The name as it stands in addresses; null where nothing is left of it, or something else stands there. */
export function slugOf(name: string): string | null {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}|['’]/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
  return slug === '' || slug === RESERVED_SLUG || slug === 'nieuw' ? null : slug;
}

const linesIn = (text: string) =>
  text
    .split(/[\r\n]+/)
    .map(cleanLine)
    .filter((line) => line !== '');
const writeLines = (lines: readonly string[]) => lines.map(cleanLine).join('\n');

const isAddress = (text: string) => text.length <= MOST.url && cleanUrl(text) !== null;
