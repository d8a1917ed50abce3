/** What may be chosen of a feed: as the form shows it, as it comes back, and as a sentence. */
import { cleanLine } from '../../../../calendars/clean-text.ts';
import { compareNames } from '../../../../calendars/collation.ts';
import { SECTOR, type FeedChoices } from '../../../../calendars/ics/feed-choices.ts';
import { writeLeads } from '../../../../calendars/reminders/lead-text.ts';
import { CERTAINTIES, LANGUAGES, type Certainty, type Language } from '../../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../../calendars/words.ts';
import type { FeedInput, ListedFeed } from '../../../../db/feeds/feeds.ts';
import type { OrganisationWithRelations } from '../../../../db/organisations/organisations.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import { selectField, textField, type Field } from '../../parts/field.ts';
import { ticks } from '../../parts/ticks.ts';

/** `sure`: no assumptions. `as_is`: what was chosen by a program, and fits neither. */
const SURENESSES = ['all', 'sure'] as const;

export interface Typed {
  label: string;
  /** By slug; none: all. */
  insurers: readonly string[];
  certainty: (typeof SURENESSES)[number] | 'as_is';
  /** As "14, 1". */
  alarms: string;
  /** Empty: the organisation's. */
  language: '' | Language;
  showCompleted: boolean;
}

type Name = 'label' | 'alarms';
export type Faults = Partial<Record<Name, string>>;
type Insurers = readonly { value: string; label: string }[];

export const BLANK: Typed = { label: '', insurers: [], certainty: 'all', alarms: '', language: '', showCompleted: true };

const SURE: readonly Certainty[] = CERTAINTIES.filter((one) => one !== 'template');
const [MOST_CHARACTERS, MOST_ALARMS, MOST_DAYS] = [200, 5, 365];

/** What one may choose from: those one deals with, and the whole sector. */
export function insurersOf({ relations }: OrganisationWithRelations, names: ReadonlyMap<string, string>, language: Language): Insurers {
  const dealt = relations.map(({ insurerSlug }) => ({ value: insurerSlug, label: names.get(insurerSlug) ?? insurerSlug }));
  return [...dealt.sort((a, b) => compareNames(a.label, b.label, language)), { value: SECTOR, label: wordsIn(language)('common:sector') }];
}

export function typedBy({ alarms, certainty, insurers, label, language, showCompleted }: ListedFeed): Typed {
  return {
    label,
    insurers: insurers ?? [],
    certainty: surenessOf(certainty),
    alarms: alarms.join(', '),
    language: language ?? '',
    showCompleted,
  };
}

function surenessOf(certainty: FeedChoices['certainty']): Typed['certainty'] {
  if (certainty === null) return 'all';
  return certainty.length === SURE.length && SURE.every((one) => certainty.includes(one)) ? 'sure' : 'as_is';
}

export function typedIn({ fields }: FormAsk): Typed {
  return {
    label: cleanLine(fields.get('label') ?? ''),
    insurers: fields.getAll('insurers'),
    certainty: [...SURENESSES, 'as_is' as const].find((one) => one === fields.get('certainty')) ?? 'all',
    alarms: (fields.get('alarms') ?? '').trim(),
    language: LANGUAGES.find((one) => one === fields.get('language')) ?? '',
    showCompleted: fields.has('completed'),
  };
}

export function faultsOf({ alarms, label }: Typed, language: Language): Faults {
  const say = wordsIn(language);
  return {
    ...(label === '' ? { label: say('room:feed.error.label') } : {}),
    ...(label.length > MOST_CHARACTERS ? { label: say('room:error.long', { most: MOST_CHARACTERS, count: label.length }) } : {}),
    ...(alarmsIn(alarms) === null ? { alarms: say('room:feed.error.alarms', { most: MOST_ALARMS, days: MOST_DAYS }) } : {}),
  };
}

/** What was typed without a fault, as it is kept. What only programs choose stays as it is. */
export function choicesOf({ alarms, certainty, insurers, label, language, showCompleted }: Typed, all: Insurers): FeedInput {
  const chosen = insurers.filter((slug) => all.some(({ value }) => value === slug));
  return {
    label,
    // All that there are stand for all, later ones too.
    insurers: chosen.length === 0 || chosen.length === all.length ? null : chosen,
    ...(certainty === 'as_is' ? {} : { certainty: certainty === 'all' ? null : [...SURE] }),
    alarms: alarmsIn(alarms) ?? [],
    language: language === '' ? null : language,
    showCompleted,
  };
}

function alarmsIn(text: string): number[] | null {
  const days = [...new Set(text.split(/[,;\s]+/).filter((part) => part !== ''))].map(Number);
  return days.length <= MOST_ALARMS && days.every((day) => Number.isInteger(day) && day >= 0 && day <= MOST_DAYS) ? days : null;
}

export function feedFields(typed: Typed, faults: Faults, insurers: Insurers, language: Language): SafeHtml {
  const say = wordsIn(language);
  const [label, alarms] = fieldsOf(faults, language) as [Field, Field];
  const surenesses = typed.certainty === 'as_is' ? ([...SURENESSES, 'as_is'] as const) : SURENESSES;
  return html`${textField({ ...label, value: typed.label })}
  ${ticks({
    name: 'insurers',
    legend: say('room:feed.insurers'),
    hint: say('room:feed.insurers_hint'),
    options: insurers,
    chosen: typed.insurers,
  })}
  ${selectField({
    name: 'certainty',
    label: say('room:feed.certainty'),
    value: typed.certainty,
    options: surenesses.map((value) => ({ value, label: say(`room:feed.certainties.${value}`) })),
  })}
  ${ticks({
    name: 'completed',
    legend: say('room:feed.completed'),
    hint: say('room:feed.completed_hint'),
    options: [{ value: 'ja', label: say('room:feed.completed_tick') }],
    chosen: typed.showCompleted ? ['ja'] : [],
  })}
  ${textField({ ...alarms, value: typed.alarms })}
  ${selectField({
    name: 'language',
    label: say('room:feed.language'),
    value: typed.language,
    options: [
      { value: '', label: say('room:recipient.language_own') },
      ...LANGUAGES.map((value) => ({ value, label: say(`room:language.${value}`) })),
    ],
  })}`;
}

/** The fields that can be wrong, each with what is. */
export function fieldsOf(faults: Faults, language: Language): Field[] {
  const say = wordsIn(language);
  return (['label', 'alarms'] as const).map((name) => ({
    name,
    label: say(`room:feed.field.${name}`),
    hint: say(`room:feed.hint.${name}`),
    error: faults[name],
  }));
}

/** "Alle verzekeraars, zonder aannames. Wat gedaan is, staat er als gedaan." */
export function choiceSentence(feed: ListedFeed, insurers: Insurers, language: Language): string {
  const say = wordsIn(language);
  const { alarms, certainty, insurers: chosen, language: own, showCompleted } = feed;
  const names = chosen?.map((slug) => insurers.find(({ value }) => value === slug)?.label ?? slug) ?? [];
  const whose = chosen === null ? say('room:feed.all_insurers') : writeList(names, language);
  const parts = [
    say(`room:feed.shows.${surenessOf(certainty)}`, { whose }),
    ...(showCompleted ? [say('room:feed.shows.completed')] : []),
    ...(alarms.length > 0 ? [say('room:feed.shows.alarms', { when: writeLeads({ leadDays: alarms, digest: 'daily' }, language) })] : []),
    ...(own === null ? [] : [say('room:recipient.language', { language: say(`room:language.${own}`) })]),
  ];
  return parts.join(' ');
}
