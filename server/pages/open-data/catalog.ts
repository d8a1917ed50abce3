/** What the open data is, as DCAT-AP-NL 3.0 describes a catalogue with one data set, in JSON-LD. */
import type { Contact } from '../../config.ts';

/** Who publishes it: a name, and its address on the web or an identifier of its own. */
export interface Publisher {
  name: string;
  url: string | null;
}

interface Published {
  publicUrl: string;
  publisher: Publisher;
  contact: Contact;
  /** When something in the registry changed last. */
  changedAt: Date;
}

/** Our own text is in the public domain; a quote stays its publisher's. */
export const LICENCE = 'https://creativecommons.org/publicdomain/zero/1.0/';

const EU = 'http://publications.europa.eu/resource/authority';
const MEDIA = 'https://www.iana.org/assignments/media-types';

/** The files, in the order in which they are shown: how the address ends, and what each is. */
export const FILES = [
  { end: 'yaml', type: 'application/yaml', format: null },
  { end: 'json', type: 'application/json', format: `${EU}/file-type/JSON` },
  { end: 'csv', type: 'text/csv', format: `${EU}/file-type/CSV` },
] as const;
export type FileEnd = (typeof FILES)[number]['end'];

export const PAGE = '/open-data';
export const CATALOG = `${PAGE}/catalog.jsonld`;
export const SCHEMA = `${PAGE}/schema.json`;
/** Where a file stands. */
export const fileAt = (end: FileEnd) => `${PAGE}/registry.${end}`;

const CONTEXT = {
  adms: 'http://www.w3.org/ns/adms#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

const TEXTS = {
  catalog: { nl: 'Open data van de Inkoopkalender', en: 'Open data of the Inkoopkalender' },
  title: { nl: 'Register van datums van de zorginkoop', en: 'Registry of dates of care purchasing' },
  description: {
    nl: 'De datums, voorwaarden en afspraken uit het inkoopbeleid van Nederlandse zorgverzekeraars, met de geschiedenis van elke datum en het citaat dat hem bewijst. Wat alleen een aanname is, staat er niet in.',
    en: 'The dates, requirements and commitments in the purchasing policies of Dutch health insurers, with the history of each date and the quote that proves it. What is only assumed is left out.',
  },
  rights: {
    nl: 'De eigen tekst is vrij te gebruiken (CC0 1.0). Citaten blijven van wie het geciteerde document uitgaf.',
    en: 'Our own text is free to use (CC0 1.0). Quotes remain the property of whoever published the quoted document.',
  },
} as const;

/** All that DCAT-AP-NL requires of a catalogue, a data set, its distributions and who publishes it. */
export function describeCatalog(published: Published): object {
  const { changedAt, publicUrl, publisher } = published;
  const who = agent(publisher);
  const about = { 'dct:publisher': who, 'dcat:contactPoint': contactPoint(published), 'dct:language': languages() };
  const dataset = {
    '@id': `${publicUrl}${PAGE}#dataset`,
    '@type': 'dcat:Dataset',
    'dct:identifier': `${publicUrl}${PAGE}#dataset`,
    'dct:title': inBoth(TEXTS.title),
    'dct:description': inBoth(TEXTS.description),
    'dct:creator': who,
    ...about,
    'dcat:theme': link(`${EU}/data-theme/HEAL`),
    'dct:accessRights': link(`${EU}/access-right/PUBLIC`),
    'dct:accrualPeriodicity': link(`${EU}/frequency/IRREG`),
    'dct:spatial': link(`${EU}/country/NLD`),
    'dct:modified': moment(changedAt),
    'dcat:landingPage': link(`${publicUrl}${PAGE}`),
    'foaf:page': link(`${publicUrl}/docs/api`),
    'dcat:distribution': FILES.map((file) => distribution(file, publicUrl)),
  };
  return {
    '@context': CONTEXT,
    '@id': `${publicUrl}${PAGE}#catalog`,
    '@type': 'dcat:Catalog',
    'dct:title': inBoth(TEXTS.catalog),
    'dct:description': inBoth(TEXTS.description),
    ...about,
    'dct:license': link(LICENCE),
    'foaf:homepage': link(`${publicUrl}${PAGE}`),
    'dct:modified': moment(changedAt),
    'dcat:dataset': dataset,
  };
}

const link = (address: string) => ({ '@id': address });
const inBoth = (texts: { nl: string; en: string }) => [
  { '@value': texts.nl, '@language': 'nl' },
  { '@value': texts.en, '@language': 'en' },
];
const moment = (at: Date) => ({ '@value': at.toISOString(), '@type': 'xsd:dateTime' });
const languages = () => link(`${EU}/language/NLD`);

function agent({ name, url }: Publisher): object {
  return { ...(url === null ? {} : link(url)), '@type': 'foaf:Agent', 'foaf:name': { '@value': name, '@language': 'nl' } };
}

/** Where to write to; the page itself, where nothing was filled in. */
function contactPoint({ contact: { email, url }, publicUrl, publisher }: Published): object {
  return {
    '@type': 'vcard:Kind',
    'vcard:fn': { '@value': publisher.name, '@language': 'nl' },
    ...(email === undefined ? {} : { 'vcard:hasEmail': link(`mailto:${email}`) }),
    ...(email !== undefined && url === undefined ? {} : { 'vcard:hasURL': link(url ?? `${publicUrl}${PAGE}`) }),
  };
}

function distribution({ end, format, type }: (typeof FILES)[number], publicUrl: string): object {
  const address = `${publicUrl}${fileAt(end)}`;
  return {
    '@id': address,
    '@type': 'dcat:Distribution',
    'dct:title': { '@value': `${TEXTS.title.nl} (${end.toUpperCase()})`, '@language': 'nl' },
    'dcat:accessURL': link(address),
    'dcat:downloadURL': link(address),
    'dcat:mediaType': link(`${MEDIA}/${type}`),
    ...(format === null ? {} : { 'dct:format': link(format) }),
    'dct:license': link(LICENCE),
    'dct:rights': { '@type': 'dct:RightsStatement', 'dct:description': inBoth(TEXTS.rights) },
    'dct:language': languages(),
    ...(end === 'csv' ? {} : { 'dct:conformsTo': link(`${publicUrl}${SCHEMA}`) }),
    'adms:status': link(`${EU}/distribution-status/COMPLETED`),
  };
}
