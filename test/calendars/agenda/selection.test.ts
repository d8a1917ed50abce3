import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSelection, selectionId, selectionName, selectionQuery } from '../../../calendars/agenda/selection.ts';
import { AppError } from '../../../calendars/errors.ts';
import { DATED_KINDS, LANGUAGES, RELATION_STATUSES, ROLES } from '../../../calendars/terms.ts';

/** A query as the router gives it. */
function parsed(query: string): Record<string, unknown> {
  const params = new URLSearchParams(query);
  const valueOf = (values: string[]) => (values.length === 1 ? values[0] : values);
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, valueOf(params.getAll(name))]));
}

const read = (query: string) => readSelection(parsed(query));

function faultOf(query: string): string {
  try {
    return selectionQuery(read(query));
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).kind).toBe('not_found');
    return (error as AppError).message;
  }
}

const SLUGS = ['cz', 'vgz', 'zorg-en-zekerheid', 'dsw', 'a-s-r'];

it('is the same choice in whatever order, with or without commas, doubles, and what is chosen by itself', () => {
  const choice = fc.record({
    role: fc.constantFrom(...ROLES),
    status: fc.option(fc.constantFrom(...RELATION_STATUSES)),
    lang: fc.option(fc.constantFrom(...LANGUAGES)),
    insurers: fc.subarray(SLUGS),
    kinds: fc.subarray([...DATED_KINDS]),
    commas: fc.boolean(),
    twice: fc.boolean(),
  });
  let count = 0;
  fc.assert(
    fc.property(choice, fc.infiniteStream(fc.nat()), ({ role, status, lang, insurers, kinds, commas, twice }, numbers) => {
      const listed = (name: string, values: string[]) =>
        values.length === 0
          ? []
          : commas
            ? [`${name}=${values.join(',')}`]
            : [...values, ...(twice ? values : [])].map((one) => `${name}=${one}`);
      const parts = [
        `role=${role}`,
        ...(status === null ? [] : [`status=${status}`]),
        ...(lang === null ? [] : [`lang=${lang}`]),
        ...listed('insurer', insurers),
        ...listed('kind', kinds),
      ];
      const shuffled = parts.map((part) => ({ part, at: Number(numbers.next().value) })).sort((a, b) => a.at - b.at);
      const [one, other] = [read(parts.join('&')), read(shuffled.map(({ part }) => part).join('&'))];
      expect(other).toEqual(one);
      expect(selectionId(other)).toBe(selectionId(one));
      // The one text of a choice is that choice.
      expect(read(selectionQuery(one))).toEqual(one);
      if (shuffled.some(({ part }, i) => part !== parts[i])) count += 1;
    }),
  );
  expect(count).toBeGreaterThan(30);
});

it('leaves out of its text what is chosen by itself, and keeps that short', () => {
  expect(faultOf('role=ro&status=unknown&lang=nl&kind=window,deadline')).toBe('role=ro');
  expect(faultOf('lang=en&kind=all&insurer=vgz&insurer=cz&status=contracted&role=practice')).toBe(
    `role=practice&status=contracted&insurer=cz,vgz&kind=${DATED_KINDS.join(',')}&lang=en`,
  );
  expect(faultOf('role=ro&download=1')).toBe('role=ro');
});

it('names every parameter and value that there is not', () => {
  for (const [query, ...named] of [
    ['', 'role is missing'],
    ['role=huisarts', 'role "huisarts" is none of: ro, wsv, practice, provider'],
    ['role=ro&role=wsv', 'role stands there 2 times'],
    ['role=ro&status=maybe&lang=fr', 'status "maybe" is none of: contracted, uncontracted, unknown', 'lang "fr" is none of: nl, en'],
    ['role=ro&verzekeraar=cz', 'There is no parameter "verzekeraar", only: role, insurer, status, kind, lang, download'],
    ['role=ro&insurer=CZ&insurer=', 'insurer "CZ", "" is no slug'],
    ['role=ro&kind=requirement,', 'kind "requirement", "" is none of: all, deadline'],
    ['role=ro&download=yes', 'download "yes" is none of: 1'],
    ['role=ro&__proto__=x', 'no parameter "__proto__"'],
  ])
    for (const text of named) expect(faultOf(query!)).toContain(text);
});

it('is called by whom it is for', () => {
  const names = new Map([
    ['cz', 'CZ'],
    ['dsw', 'DSW'],
    ['vgz', 'VGZ'],
    ['caresq', 'Caresq'],
  ]);
  const buyers = { names, kinds: new Map([['caresq', 'purchasing_party' as const]]) };
  expect(selectionName(read('role=ro'), buyers)).toBe('regio-organisatie, alle verzekeraars');
  expect(selectionName(read('role=practice&insurer=vgz,cz'), buyers)).toBe('huisartsenpraktijk, CZ en VGZ');
  expect(selectionName(read('role=practice&insurer=vgz,cz,dsw&lang=en'), buyers)).toBe('GP practice, 3 insurers');
  expect(selectionName(read('role=practice&insurer=vgz,cz,caresq'), buyers)).toBe('huisartsenpraktijk, 3 partijen');
  expect(selectionName(read('role=ro&insurer=gone'), buyers)).toBe('regio-organisatie');
});
