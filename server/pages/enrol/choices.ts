/** What somebody typed who enrols: from a link, from the form, and as what is kept of it. */
import { cleanLine } from '../../../calendars/clean-text.ts';
import { foldAddress, parseAddress } from '../../../calendars/mail-address.ts';
import { DEFAULT_LEAD_DAYS, DIGESTS, type Digest } from '../../../calendars/reminders/reminders.ts';
import { LANGUAGES, RELATION_STATUSES, ROLES, type Language, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { EnrolmentChoices } from '../../../db/schema/schema.ts';
import { LEADS, readLeads } from '../parts/choices/lead-days.ts';
import { readRelations, relationFields, RELATIONS, type TypedRelations } from '../parts/choices/relations.ts';

export interface Typed extends TypedRelations {
  name: string;
  roles: readonly Role[];
  email: string;
  leadDays: readonly number[];
  digest: Digest;
  language: Language;
  /** The token of an invitation to enrol; empty where there is none. */
  invitation: string;
}

type Names = ReadonlyMap<string, string>;
/** What is wrong, by the name of its field. */
export type Faults = ReadonlyMap<string, string>;

const MOST_CHARACTERS = 200;

/** The form as it is first shown, with what was chosen on the page before it. */
export function typedFromQuery(query: unknown, names: Names, { invitation, language }: Pick<Typed, 'invitation' | 'language'>): Typed {
  const asked = query as Record<string, unknown>;
  const wordsOf = (name: string) => [asked[name] ?? []].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : []));
  const status = RELATION_STATUSES.find((one) => one === asked['status']) ?? 'unknown';
  const chosen = wordsOf('insurer').filter((slug) => names.has(slug));
  return {
    name: '',
    roles: ROLES.filter((role) => wordsOf('role').includes(role)),
    statuses: new Map(chosen.map((slug) => [slug, status])),
    preferred: new Set(),
    email: '',
    leadDays: DEFAULT_LEAD_DAYS,
    digest: 'daily',
    language,
    invitation,
  };
}

export function typedFromFields(fields: URLSearchParams, names: Names, language: Language): Typed {
  const typed = (name: string) => cleanLine(fields.get(name) ?? '');
  return {
    name: typed('name'),
    roles: ROLES.filter((role) => fields.getAll('role').includes(role)),
    ...readRelations(fields, names),
    email: typed('email'),
    leadDays: readLeads(fields),
    digest: DIGESTS.find((one) => one === fields.get('digest')) ?? 'daily',
    language: LANGUAGES.find((one) => one === fields.get('language')) ?? language,
    invitation: fields.get('invitation') ?? '',
  };
}

/** The fields that were filled in, to be sent along with a button. */
export function fieldsFrom(typed: Typed): [name: string, value: string][] {
  return [
    ['name', typed.name],
    ...typed.roles.map((role) => ['role', role] as [string, string]),
    ...relationFields(typed),
    ['email', typed.email],
    ...typed.leadDays.map((days) => [LEADS, String(days)] as [string, string]),
    ['digest', typed.digest],
    ['language', typed.language],
    ...(typed.invitation === '' ? [] : [['invitation', typed.invitation] as [string, string]]),
  ];
}

/** What is wrong, in the order of the form. */
export function faultsOf(typed: Typed, names: Names, language: Language): Faults {
  const say = wordsIn(language);
  const faults = new Map<string, string>();
  if (typed.name === '') faults.set('name', say('page:enrol.error.name'));
  if (typed.name.length > MOST_CHARACTERS) faults.set('name', say('page:enrol.error.name_long', { count: typed.name.length }));
  if (typed.roles.length === 0) faults.set('role', say('page:enrol.error.role'));
  const stray = [...typed.preferred].find((slug) => !typed.statuses.has(slug));
  const closed = [...typed.preferred].find((slug) => typed.statuses.get(slug) === 'uncontracted');
  if (typed.statuses.size === 0) faults.set(RELATIONS, say('page:enrol.error.insurers'));
  else if (stray !== undefined) faults.set(RELATIONS, say('page:enrol.error.preferred', { insurer: names.get(stray) ?? stray }));
  else if (closed !== undefined)
    faults.set(RELATIONS, say('page:enrol.error.preferred_uncontracted', { insurer: names.get(closed) ?? closed }));
  if (parseAddress(typed.email).fault !== null) faults.set('email', say('page:enrol.error.email'));
  if (typed.leadDays.length === 0) faults.set(LEADS, say('page:enrol.error.lead'));
  return faults;
}

/** What is kept of a form without faults. */
export function choicesOf(typed: Typed): EnrolmentChoices {
  const { digest, email, language, leadDays, name, preferred, roles, statuses } = typed;
  const insurers = [...statuses].map(([insurer, contractStatus]) => ({ insurer, contractStatus, preferred: preferred.has(insurer) }));
  return { name, language, roles: [...roles], insurers, email: foldAddress(email), leadDays: [...leadDays], digest };
}

/** The same, as it was kept. */
export function typedFromChoices({ insurers, leadDays, roles, ...rest }: EnrolmentChoices): Typed {
  return {
    ...rest,
    roles,
    leadDays,
    statuses: new Map(insurers.map(({ contractStatus, insurer }) => [insurer, contractStatus])),
    preferred: new Set(insurers.filter(({ preferred }) => preferred).map(({ insurer }) => insurer)),
    invitation: '',
  };
}
