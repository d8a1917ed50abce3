/** What is typed of a document: as its form shows it, as it comes back, and what is wrong with it. */
import { cleanLine, cleanUrl, withScheme } from '../../../../calendars/clean-text.ts';
import { isDay } from '../../../../calendars/days.ts';
import { CARE_TYPES, type CareType } from '../../../../calendars/terms.ts';
import { readDay } from '../../../../calendars/typed-day.ts';
import type { DocumentCard, DocumentScope } from '../../../../db/registry/documents/keeping.ts';
import { say } from '../frame.ts';

export interface TypedCard {
  title: string;
  version: string;
  /** As it was typed where it is no day. */
  publishedOn: string;
  url: string;
}

export interface TypedDocument extends TypedCard {
  /** A slug, or `SECTOR`; empty where none was chosen. */
  insurer: string;
  /** Empty where none was chosen. */
  careType: CareType | '';
  contractYear: string;
  text: string;
}

/** What is wrong, by the name of the field. */
export type Faults = Readonly<Record<string, string>>;

const MOST = { title: 300, version: 100, url: 500 };
const [FIRST_YEAR, LAST_YEAR] = [2015, 2100];

export function typedCardIn(fields: URLSearchParams): TypedCard {
  const line = (name: string) => cleanLine(fields.get(name) ?? '');
  const publishedOn = line('publishedOn');
  return { title: line('title'), version: line('version'), publishedOn: readDay(publishedOn) ?? publishedOn, url: withScheme(line('url')) };
}

export function typedIn(fields: URLSearchParams): TypedDocument {
  return {
    ...typedCardIn(fields),
    insurer: fields.get('insurer') ?? '',
    careType: CARE_TYPES.find((one) => one === fields.get('careType')) ?? '',
    contractYear: cleanLine(fields.get('contractYear') ?? ''),
    // Its line ends are those of a form; the places in a text count its characters.
    text: (fields.get('text') ?? '').replaceAll('\r\n', '\n'),
  };
}

export function cardFaults({ publishedOn, title, url, version }: TypedCard): Faults {
  return faultsOf({
    title: title === '' ? error('title') : title.length > MOST.title && error('long', { most: MOST.title }),
    version: version.length > MOST.version && error('long', { most: MOST.version }),
    publishedOn: publishedOn !== '' && !isDay(publishedOn) && error('day'),
    url: url !== '' && (url.length > MOST.url || cleanUrl(url) === null) && error('url'),
  });
}

/** `slugs`: what may be chosen. `isRecorded`: neither a file nor a text came with it. */
export function documentFaults(typed: TypedDocument, slugs: readonly string[], isRecorded: boolean): Faults {
  const { careType, contractYear, insurer, publishedOn, url } = typed;
  const year = Number(contractYear);
  const isYear = /^\d{4}$/.test(contractYear) && year >= FIRST_YEAR && year <= LAST_YEAR;
  return {
    ...faultsOf({
      insurer: !slugs.includes(insurer) && error('insurer'),
      contractYear: !isYear && error('year'),
      careType: careType === '' && error('careType'),
    }),
    ...cardFaults(typed),
    ...(isRecorded && url === '' ? { url: error('url_alone') } : {}),
    ...(isRecorded && publishedOn === '' ? { publishedOn: error('day_alone') } : {}),
  };
}

const error = (what: string, values: Record<string, number> = {}) => say(`papers:document.error.${what}`, values);
const orNull = (text: string) => (text === '' ? null : text);

function faultsOf(faults: Record<string, string | false>): Faults {
  return Object.fromEntries(Object.entries(faults).filter((fault): fault is [string, string] => fault[1] !== false));
}

export function cardOf({ publishedOn, title, url, version }: TypedCard): DocumentCard {
  return { title, version: orNull(version), publishedOn: orNull(publishedOn), url: orNull(url) };
}

/** Of what was typed without a fault. */
export function scopeOf({ careType, contractYear }: TypedDocument): DocumentScope {
  if (careType === '') throw new Error('a document without a kind of care is refused');
  return { careType, contractYear: Number(contractYear) };
}
