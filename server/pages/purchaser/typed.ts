/** What a purchaser answers, as it comes back from the form: of each entry that was shown, whether it is right, or what is wrong. */
import { cleanText } from '../../../calendars/clean-text.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Saying } from '../../../db/registry/purchasers/answers.ts';
import type { Revision } from '../../../db/registry/revisions.ts';

/** What was chosen and typed of one entry, as it stood on the page. */
interface TypedAnswer {
  revision: number;
  isRight: boolean;
  wrong: string;
}

/** By the entry's id. */
export type Typed = ReadonlyMap<string, TypedAnswer>;

/** What is wrong with an answer, by the entry's id. */
export type Faults = ReadonlyMap<string, string>;

const MOST_CHARACTERS = 2000;

/** The names of the fields: which revision was seen of each entry, which are right, and what is wrong with one. */
export const [SEEN, RIGHT] = ['seen', 'klopt'] as const;
export const wrongName = (id: string) => `want-${id}`;
export const seenOf = ({ id, revision }: Pick<Revision, 'id' | 'revision'>) => `${id}.${revision}`;

/** What is told of these entries; what names any other, or a revision that there is not, is no answer. */
export function typedIn(fields: URLSearchParams, entries: readonly Revision[]): Typed {
  const current = new Map(entries.map((one) => [one.id, one.revision]));
  const right = new Set(fields.getAll(RIGHT));
  return new Map(
    fields.getAll(SEEN).flatMap((seen): [string, TypedAnswer][] => {
      const [, id = '', number = ''] = /^(\S+)\.([1-9]\d{0,8})$/.exec(seen) ?? [];
      const revision = Number(number);
      if (revision === 0 || revision > (current.get(id) ?? 0)) return [];
      return [[id, { revision, isRight: right.has(id), wrong: cleanText(fields.get(wrongName(id)) ?? '').trim() }]];
    }),
  );
}

/** The same with each ticked of which nothing else is said. */
export function allRight(typed: Typed): Typed {
  return new Map([...typed].map(([id, one]) => [id, { ...one, isRight: one.isRight || one.wrong === '' }]));
}

export function faultsOf(typed: Typed, language: Language): Faults {
  const say = wordsIn(language);
  return new Map(
    [...typed].flatMap(([id, { isRight, wrong }]): [string, string][] => {
      if (wrong.length > MOST_CHARACTERS) return [[id, say('page:report.error.long', { count: wrong.length })]];
      return isRight && wrong !== '' ? [[id, say('page:purchaser.error.both')]] : [];
    }),
  );
}

/** What is kept of it. */
export function sayingsOf(typed: Typed): Saying[] {
  return [...typed].flatMap(([deadlineId, { isRight, revision, wrong }]) =>
    isRight || wrong !== '' ? [{ deadlineId, revision, wrong: wrong === '' ? null : wrong }] : [],
  );
}
