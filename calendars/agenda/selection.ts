/** A choice for a public calendar: as whom, of which insurers, with which contract status. One text for each, in whatever order it was asked for. */
import { compareNames } from '../collation.ts';
import { sameText } from '../canonical.ts';
import { COUNTED_KINDS } from '../deadlines/kinds.ts';
import { countBuyers } from '../deadlines/wording/buyers.ts';
import { AppError } from '../errors.ts';
import { nameUuid } from '../name-uuid.ts';
import {
  DATED_KINDS,
  LANGUAGES,
  RELATION_STATUSES,
  ROLES,
  type DatedKind,
  type InsurerKind,
  type Language,
  type RelationStatus,
  type Role,
} from '../terms.ts';
import { wordsIn, writeList } from '../words.ts';

/** Stands in the address of such a calendar, where others have an insurer's slug: no insurer may have it. */
export const RESERVED_SLUG = 'selection';

export interface Selection {
  role: Role;
  /** Slugs in alphabetical order, at least one; null: all there are, later ones too. */
  insurers: readonly string[] | null;
  /** How the reader stands with each of them. */
  status: RelationStatus;
  /** Null: deadlines and the ends of windows. */
  kinds: readonly DatedKind[] | null;
  language: Language;
}

/** Of whom it is not said: then the duties of both are shown. */
const DEFAULT_STATUS: RelationStatus = 'unknown';

/**
 * What a query chooses: one `role`, any number of `insurer` and `kind`, each once or with commas, and at most one `status` and `lang`. `download` is
 * allowed beside them. Whether there are such insurers is not asked. Throws `not_found`, which names every parameter and value that there is not.
 */
export function readSelection(query: Readonly<Record<string, unknown>>): Selection {
  const faults: string[] = [];
  const one = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const values = [query[name] ?? []].flat();
    const value = allowed.find((word) => word === values[0]);
    if (values.length > 1) faults.push(`${name} stands there ${values.length} times; it may stand there once.`);
    else if (values.length === 1 && value === undefined) faults.push(`${name} ${quoted(values[0])} is none of: ${allowed.join(', ')}.`);
    return value;
  };
  const parameters = Object.keys(query).filter((name) => !PARAMETERS.includes(name));
  for (const name of parameters) faults.push(`There is no parameter ${quoted(name)}, only: ${PARAMETERS.join(', ')}.`);
  const role = one('role', ROLES);
  if (query['role'] === undefined) faults.push(`role is missing: one of ${ROLES.join(', ')}.`);
  const status = one('status', RELATION_STATUSES) ?? DEFAULT_STATUS;
  const language = one('lang', LANGUAGES) ?? 'nl';
  one('download', ['1']);
  const insurers = valuesOf(query['insurer']);
  const noSlugs = insurers?.filter((slug) => !/^[a-z0-9-]{1,60}$/.test(slug)) ?? [];
  if (noSlugs.length > 0) faults.push(`insurer ${noSlugs.map(quoted).join(', ')} is no slug of an insurer.`);
  const kinds = valuesOf(query['kind']);
  const noKinds = kinds?.filter((word) => word !== 'all' && !DATED_KINDS.some((kind) => kind === word)) ?? [];
  if (noKinds.length > 0) faults.push(`kind ${noKinds.map(quoted).join(', ')} is none of: all, ${DATED_KINDS.join(', ')}.`);
  if (faults.length > 0 || role === undefined) throw new AppError('not_found', `There is no such calendar. ${faults.join(' ')}`);
  return {
    role,
    status,
    language,
    insurers: insurers && [...new Set(insurers)].sort(),
    kinds: kinds && kindsAmong(kinds),
  };
}

/** The one text of a choice, as the query of its address; what is chosen by itself is left out. Commas keep it short: Google takes 256 characters. */
export function selectionQuery({ insurers, kinds, language, role, status }: Selection): string {
  return [
    `role=${role}`,
    ...(status === DEFAULT_STATUS ? [] : [`status=${status}`]),
    ...(insurers === null ? [] : [`insurer=${insurers.join(',')}`]),
    ...(kinds === null ? [] : [`kind=${kinds.join(',')}`]),
    ...(language === 'nl' ? [] : [`lang=${language}`]),
  ].join('&');
}

/** The identity of a choice: what is its own in a calendar hangs on it. */
export function selectionId(selection: Selection): string {
  return nameUuid(SELECTIONS, selectionQuery(selection));
}

/** Who buys care, by slug: what each is called, and what it is. */
export interface Buyers {
  names: ReadonlyMap<string, string>;
  kinds: ReadonlyMap<string, InsurerKind>;
}

/** What its calendar is called: "huisartsenpraktijk, CZ en VGZ". Whoever is gone is left out. */
export function selectionName({ insurers, language, role }: Selection, { kinds, names }: Buyers): string {
  const say = wordsIn(language);
  const present = (insurers ?? []).filter((slug) => names.has(slug));
  const shown = present.map((slug) => names.get(slug)!).sort((a, b) => compareNames(a, b, language));
  const who =
    insurers === null
      ? say('feed:selection.all')
      : shown.length <= NAMED_AT_MOST
        ? writeList(shown, language)
        : countBuyers(
            present.map((slug) => ({ insurerKind: kinds.get(slug) ?? null })),
            language,
            true,
          );
  return [say(`common:role.${role}`), who].filter(Boolean).join(', ');
}

const SELECTIONS = '0c1f3f0e-6a0b-4f57-9d53-7c0f0b8f2c11';
const PARAMETERS = ['role', 'insurer', 'status', 'kind', 'lang', 'download'];
const NAMED_AT_MOST = 2;

/** The values of a parameter that may stand there several times, or hold several with commas; null where it does not stand there. */
function valuesOf(query: unknown): string[] | null {
  return query === undefined ? null : [query].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : ['?']));
}

/** In one order; null where they are those that are shown by themselves. */
function kindsAmong(words: readonly string[]): DatedKind[] | null {
  const kinds = DATED_KINDS.filter((kind) => words.includes('all') || words.includes(kind));
  return sameText(kinds, COUNTED_KINDS) ? null : kinds;
}

const quoted = (value: unknown) => JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : '?');
