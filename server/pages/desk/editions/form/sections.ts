/** The form of an entry, in Dutch sentences: what, when, how sure, who, how, what follows, and what proves it. */
import { writeLongDay } from '../../../../../calendars/days.ts';
import type { Days } from '../../../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../../../calendars/deadlines/kinds.ts';
import {
  ACTIVITIES,
  ACTORS,
  BOUNDARIES,
  CHANNEL_KINDS,
  CONSEQUENCE_KINDS,
  DUTY_STATUSES,
  KINDS,
  MODALITIES,
  STRICTNESSES,
  type Activity,
  type Kind,
} from '../../../../../calendars/terms.ts';
import { html, type SafeHtml } from '../../../html.ts';
import { notice } from '../../../parts/notice.ts';
import { say } from '../../frame.ts';
import { ruleWords } from '../../rule-words.ts';
import { contentIn, MOST_DAYS } from './content-fields.ts';
import { optionsOf, type Inputs, type Option } from './inputs.ts';
import { offsetWord, periodWord } from './merging.ts';
import { RULES } from './rule-fields.ts';
import { choiceOf, MOST_SOURCES, OTHER, type OfferedDocument } from './source-fields.ts';

export interface Sections {
  inputs: Inputs;
  fields: URLSearchParams;
  /** Whether its activity is chosen here; else it is that of what is changed. */
  isNew: boolean;
  isRequirement: boolean;
  kind: Kind;
  documents: readonly OfferedDocument[];
  /** What follows from the rule as it was saved; null where that is not known yet. */
  days: Days | null;
}

export function contentSections(of: Sections): SafeHtml {
  return html`${section('what', whatFields(of))} ${section('when', whenFields(of))} ${section('sure', sureFields(of))}
  ${section('who', whoFields(of))} ${section('how', howFields(of))} ${section('follows', followFields(of))}
  ${section('proof', proofFields(of))} ${section('readings', readingFields(of))}`;
}

export function section(name: string, content: SafeHtml): SafeHtml {
  return html`<section aria-labelledby="part-${name}">
    <h2 id="part-${name}">${say(`edition:part.${name}`)}</h2>
    ${content}
  </section>`;
}

function whatFields({ inputs, isNew, isRequirement }: Sections): SafeHtml {
  const activities: Option[] = ACTIVITIES.map((value) => ({ value, label: activityLabel(value) }));
  const kinds: Option[] = KINDS.map((value) => ({ value, label: say(`edition:kind.${value}`) }));
  const usual = { value: '', label: say('edition:kind.usual') };
  return html`${isNew ? inputs.choose('activity', [{ value: '', label: say('edition:choose') }, ...activities]) : ''}
    ${inputs.line('title')} ${inputs.choose('kind', isNew ? [usual, ...kinds] : kinds)}
    ${isNew ? html`<div class="of-key">${inputs.line('requirementKey')}</div>` : ''}
    <div class="${isNew ? 'of-requirement' : ''}">
      ${isNew || isRequirement ? inputs.radios('strictness', optionsOf('strictness', ['', ...STRICTNESSES])) : ''}
    </div>
    ${inputs.line('reportingYear')}`;
}

/** What is in no list is named below it. */
const activityLabel = (activity: Activity) => say(activity === 'other' ? 'edition:other' : `common:activity.${activity}`);

function whenFields({ days, fields, inputs, isNew, kind }: Sections): SafeHtml {
  const periods = [...Array.from({ length: 12 }, (_, at) => `month-${at + 1}`), ...[1, 2, 3, 4].map((one) => `quarter-${one}`), 'year'];
  const froms = [...ACTIVITIES.filter((one) => one !== 'other').map((one) => `activity:${one}`), 'event:contract_received'];
  const choose = { value: '', label: say('edition:choose') };
  const amounts = (of: 'offset' | 'slot', units: string[]) =>
    html`${inputs.line(`${of}.amount`)} ${inputs.choose(`${of}.unit`, optionsOf(`${of}_unit`, units))}`;
  return html`${inputs.radios('rule', optionsOf('rule', RULES))} ${ofRule('fixed', inputs.line('fixed.on'))}
    ${ofRule('range', html`${inputs.line('range.from')} ${inputs.line('range.to')}`)}
    ${ofRule(
      'period',
      html`${inputs.choose('period.of', [choose, ...periods.map((value) => ({ value, label: periodWord(value) }))])}
      ${inputs.line('period.year')}`,
    )}
    ${ofRule(
      'offset',
      html`${amounts('offset', ['', 'day', 'week', 'month', 'working_day'])}
      ${inputs.choose('offset.direction', optionsOf('offset_direction', ['after', 'before']))}
      ${inputs.choose('offset.from', [choose, ...froms.map((value) => ({ value, label: offsetWord(value) }))])}`,
    )}
    ${ofRule(
      'slot',
      html`${amounts('slot', ['month', 'week', 'day'])}
      ${isNew ? inputs.choose('slot', [choose, ...[1, 2, 3, 4].map((one) => ({ value: String(one), label: say(`edition:quarter.${one}`) }))]) : ''}`,
    )}
    ${ofRule('event', inputs.line('event.text'))}
    <div class="of-rule bounded">${inputs.radios('boundary', optionsOf('boundary', ['', ...BOUNDARIES]))}</div>
    ${days === null ? '' : notice(daysSentence(days, { fields, kind }))}`;
}

/** What was typed is never out of sight. */
const filledIn = (fields: URLSearchParams, ...names: string[]) => (names.some((name) => (fields.get(name) ?? '') !== '') ? 'filled' : '');

const ofRule = (rule: string, content: SafeHtml) => html`<div class="of-rule ${rule}">${content}</div>`;

/** The day that follows, said back: the last safe one of what is to be done by a day. */
function daysSentence({ dueOn, lastSafeOn }: Days, { fields, kind }: Pick<Sections, 'fields' | 'kind'>): string {
  if (dueOn === null) return say('edition:form.no_day');
  const day = writeLongDay(dueOn, 'nl');
  if (!isCounted({ kind })) {
    const { boundary = null, rule } = contentIn(fields);
    const isSpan = rule?.kind === 'range' || rule?.kind === 'period';
    return say('edition:form.no_deadline', { when: isSpan ? ruleWords({ boundary, lack: null, rule }) : day });
  }
  if (lastSafeOn === null) return say('edition:form.no_safe_day', { day });
  return say('edition:form.safe_day', { safe: writeLongDay(lastSafeOn, 'nl') });
}

function sureFields({ fields, inputs }: Sections): SafeHtml {
  const offered = ['stated', 'unknown', 'sector_rule', 'expected'];
  // An assumption is made by the service, never by an editor; one that stands there may stay.
  const values = fields.get('certainty') === 'template' ? [...offered, 'template'] : offered;
  const bases = ['', 'computation', 'secondary_source', 'sector_rule', 'earlier_year', 'common_rhythm'];
  return html`${inputs.radios('certainty', optionsOf('certainty', values, values))}
    ${inputs.choose('basis.kind', optionsOf('basis_kind', bases))}
    <div class="of-basis ${filledIn(fields, 'basis.text')}">
      ${inputs.lines('basis.text')} ${inputs.choose('basis.successorSeen', optionsOf('basis_successorSeen', ['', 'yes', 'no']))}
    </div>
    ${inputs.hidden('basis.deadlineId')} ${inputs.hidden('basis.term')}`;
}

function whoFields({ fields, inputs }: Sections): SafeHtml {
  // What is ticked is kept in the order of the boxes. Those of another order come first, as they stand there.
  const actors = (name: string) => {
    const chosen = fields.getAll(name);
    const isUsual = ACTORS.filter((one) => chosen.includes(one)).join() === chosen.join();
    return optionsOf('duty_actors', isUsual ? ACTORS : [...chosen, ...ACTORS.filter((one) => !chosen.includes(one))]);
  };
  return html`${inputs.ticks('duty.actors', actors('duty.actors'))} ${inputs.ticks('duty.onBehalfOf', actors('duty.onBehalfOf'))}
  ${inputs.choose('duty.contractStatus', optionsOf('duty_contractStatus', DUTY_STATUSES.toReversed()))} ${inputs.line('duty.deliverable')}`;
}

function howFields({ inputs }: Sections): SafeHtml {
  const kinds: Option[] = CHANNEL_KINDS.map((value) => ({ value, label: say(`common:channel.${value}`) }));
  return html`${inputs.choose('channel.kind', [{ value: '', label: say('edition:unknown') }, ...kinds])} ${inputs.line('channel.address')}
  ${inputs.line('channel.subject')} ${inputs.line('channel.hours')}`;
}

function followFields({ inputs }: Sections): SafeHtml {
  return html`${inputs.choose('consequence.kind', optionsOf('consequence_kind', ['', ...CONSEQUENCE_KINDS]))}
  ${inputs.choose('consequence.modality', optionsOf('consequence_modality', MODALITIES))} ${inputs.lines('consequence.text')}
  ${inputs.choose('extension.possible', optionsOf('extension_possible', ['', 'no', 'yes']))} ${inputs.line('extension.text')}`;
}

/** Those that stand there, and one more to be filled in. */
function proofFields({ documents, fields, inputs }: Sections): SafeHtml {
  const last = Math.max(-1, ...[...fields.keys()].map((name) => Number(/^sources\.(\d+)\./.exec(name)?.[1] ?? -1)));
  const count = Math.min(last + 2, MOST_SOURCES);
  const options = (at: number): Option[] => {
    const chosen = fields.get(`sources.${at}.choice`) ?? '';
    const listed = documents.map((one) => ({ value: choiceOf(one), label: one.title }));
    const gone =
      chosen.includes('|') && !listed.some(({ value }) => value === chosen)
        ? [{ value: chosen, label: chosen.slice(0, chosen.lastIndexOf('|')) }]
        : [];
    return [
      { value: '', label: say('edition:choose') },
      ...listed,
      ...gone,
      { value: OTHER, label: say('edition:option.sources_choice.other') },
    ];
  };
  return html`${Array.from({ length: count }, (_, at) => {
    const name = (part: string) => `sources.${at}.${part}`;
    return html`<fieldset class="source">
      <legend>${say('edition:form.source', { number: at + 1 })}</legend>
      ${inputs.choose(name('choice'), options(at))}
      <div class="of-other">${inputs.line(name('document'))} ${inputs.line(name('url'))}</div>
      ${inputs.line(name('section'))} ${inputs.lines(name('quote'))}
      ${
        at > last
          ? ''
          : html`<p>
              <label class="tick"
                ><input type="checkbox" name="${name('remove')}" value="yes" />
                ${say('edition:form.drop_source', { number: at + 1 })}</label
              >
            </p>`
      }
    </fieldset>`;
  })}`;
}

function readingFields({ fields, inputs }: Sections): SafeHtml {
  const given = [...fields.keys()].filter((name) => name.startsWith('conflict.days.')).length;
  const count = Math.min(MOST_DAYS, Math.max(2, given + 1));
  return html`${inputs.choose('conflict.kind', optionsOf('conflict_kind', ['', 'readings', 'terms']))}
    <div class="of-conflict ${filledIn(fields, 'conflict.text', 'conflict.days.0')}">
      ${Array.from({ length: count }, (_, at) => inputs.line(`conflict.days.${at}`))} ${inputs.lines('conflict.text')}
    </div>`;
}
