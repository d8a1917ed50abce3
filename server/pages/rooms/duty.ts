/** One deadline at an organisation: whether it is done, who said so, and the organisation's own dates before it. */
import type { AgendaItem, Completion } from '../../../calendars/agenda/concern.ts';
import { notesOf } from '../../../calendars/agenda/item-notes.ts';
import { sameText } from '../../../calendars/canonical.ts';
import { cleanText } from '../../../calendars/clean-text.ts';
import { amsterdamDay, isDay, writeDay } from '../../../calendars/days.ts';
import { dayWord, isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { readDay } from '../../../calendars/typed-day.ts';
import { titleOf, wordsIn, writeList } from '../../../calendars/words.ts';
import { complete, findCompletion, reopen } from '../../../db/organisations/completions.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { button } from '../parts/button.ts';
import { dayBlock, timeLeft } from '../parts/day-block.ts';
import { conflictOf, groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import { dutch, groundView } from '../parts/dutch.ts';
import { errorSummary, textField, type Field } from '../parts/field.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { isOwnDuty, readRoomAgenda } from './agenda-facts.ts';
import { roomAddress, roomForm, roomPath, roomText, unknownActText } from './frame.ts';

const PATH = '/o/:id/datums/:deadlineId';
const MOST_CHARACTERS = 1000;
const ACTS = ['submitted', 'not_applicable', 'reopen'] as const;

/** What was typed, and what is wrong with it. */
type Typed = Record<'on' | 'evidence' | 'reason', string>;
type Faults = Partial<Typed>;

/** What is said of a form that was sent. `isTwice`: somebody said before that it is done. */
interface Outcome {
  faults?: Faults;
  isTwice?: boolean;
}

export function dutyPage(deps: Deps) {
  const { change, clock } = deps;
  const find = async (ask: MemberAsk) => {
    const { deadlineId } = ask.request.params as { deadlineId: string };
    const { id } = ask.organisation;
    const { items } = await readRoomAgenda(deps, id);
    const all = items.filter(({ deadline }) => deadline.id === deadlineId);
    // Of what several of its members have by their own events, the first stands there.
    return all.find((item) => isOwnDuty(item, id)) ?? all[0] ?? null;
  };
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const item = await find(ask);
      const today = amsterdamDay(clock());
      return item && dutyText(ask, item, today, { on: today, evidence: '', reason: '' });
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const item = await find(ask);
      if (!item || !isOwnDuty(item, ask.organisation.id) || !isCounted(item.deadline)) return null;
      const act = ACTS.find((one) => one === ask.fields.get('act'));
      if (act === undefined) return unknownActText(ask, 'datums', item.deadline.id);
      const { organisation } = ask;
      const { person } = ask.signedIn.session;
      const now = clock();
      const here = { onward: roomPath(ask, 'datums', item.deadline.id) };
      if (act === 'reopen') {
        await change(async (tx) => {
          // Somebody else may have taken it back a moment before.
          if (await findCompletion(tx, organisation.id, item.deadline.id))
            await reopen(tx, organisation.id, item.deadline.id, now, { way: 'page', by: person.email });
        });
        return here;
      }
      const today = amsterdamDay(now);
      const typed = typedIn(ask, today);
      const isApplicable = act === 'submitted';
      const faults = faultsOf(typed, isApplicable, today, ask.language);
      if (Object.keys(faults).length > 0) {
        ask.reply.code(400);
        return dutyText(ask, item, today, typed, { faults });
      }
      const completion: Completion = isApplicable
        ? { completedOn: typed.on, by: person.email, evidence: typed.evidence || null }
        : { completedOn: today, by: person.email, evidence: null, notApplicable: typed.reason };
      const stands = await change(async (tx) => {
        // What somebody said of it before stays: it may name a proof.
        const earlier = await findCompletion(tx, organisation.id, item.deadline.id);
        return earlier ?? complete(tx, organisation.id, item.deadline.id, completion, now);
      });
      if (sameText(stands, completion)) return here;
      ask.reply.code(409);
      return dutyText(ask, { ...item, completion: stands }, today, typed, { isTwice: true });
    });
  };
}

function typedIn({ fields }: MemberAsk & FormAsk, today: Day): Typed {
  const typed = (name: string) => cleanText(fields.get(name) ?? '').trim();
  // The form of what is not applicable has no day; one that was cleared is none.
  return { on: fields.has('on') ? dayOr(typed('on')) : today, evidence: typed('evidence'), reason: typed('reason') };
}

/** A day as it is kept; what is none stays as it was typed. */
const dayOr = (typed: string) => readDay(typed) ?? typed;

function faultsOf({ evidence, on, reason }: Typed, isApplicable: boolean, today: Day, language: Language): Faults {
  const say = wordsIn(language);
  const tooLong = (text: string) => text.length > MOST_CHARACTERS && say('room:error.long', { most: MOST_CHARACTERS, count: text.length });
  const faults = isApplicable
    ? { on: (!isDay(on) && say('room:error.day')) || (on > today && say('room:error.future')), evidence: tooLong(evidence) }
    : { reason: (reason === '' && say('room:duty.error.reason')) || tooLong(reason) };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== false));
}

function dutyText(ask: MemberAsk, item: AgendaItem, today: Day, typed: Typed, { faults = {}, isTwice = false }: Outcome = {}): PageText {
  const { language, organisation, role } = ask;
  const say = wordsIn(language);
  const { completion, deadline, insurerName, organisations } = item;
  const isOwn = isOwnDuty(item, organisation.id);
  const others = organisations.filter(({ id }) => id !== organisation.id).map(({ name }) => name);
  const insurer = insurerName ?? '';
  const place = say(insurerName === null ? 'page:date.sector_place' : 'page:date.place', { insurer, year: deadline.contractYear });
  const mayChange = role === 'manager' && isOwn && isCounted(deadline);
  const content = html`${errorSummary(fieldsOf(faults, language), language)} ${isTwice ? notice(say('room:duty.twice'), 'caution') : ''}
    ${headOf(item, today, language)}
    ${others.length === 0 ? '' : html`<p>${say('room:next.for', { names: writeList(others, language) })}</p>`}
    ${notesOf(completion === null ? item : { ...item, handOverOn: null }, language).map((note) => notice(note))}
    ${conflictNotice(item, language)}
    <p><a href="${pageAddress(ask, `/datums/${deadline.id}`)}">${say('room:duty.more')}</a></p>
    ${isCounted(deadline) ? outcomeSection(ask, item, mayChange && html`${forms(ask, item, typed, faults)}`) : ''}
    ${isOwn ? '' : html`<p>${say('room:duty.others', { names: writeList(others, language) })}</p>`}`;
  const name = completion === null ? 'open' : completion.notApplicable === undefined ? 'done' : 'not_applicable';
  const title = say(`room:duty.title.${name}`, { title: titleOf(deadline, language) });
  return roomText(ask, { page: '', title, lead: place, content });
}

function conflictNotice({ deadline }: AgendaItem, language: Language): SafeHtml | '' {
  const { ours, typed } = conflictOf(deadline, language);
  return typed === null ? (ours.length === 0 ? '' : notice(ours.join(' '))) : notice(dutch(typed));
}

/** Under which words a day stands, by how it is named: what nobody stated is no last day. */
const DAY_NAMES = {
  stated: 'by_day',
  sector_rule: 'by_day',
  rule_unseen: 'by_day_rule_unseen',
  expected: 'by_day_expected',
  template: 'around',
  unknown: 'by_day',
} as const;

/** The day, how sure it is, and how far away. */
function headOf({ completion, deadline }: AgendaItem, today: Day, language: Language): SafeHtml {
  const say = wordsIn(language);
  const day = countingDay(deadline);
  const basis = groundView(groundOf(deadline, language), 'small');
  if (day === null)
    return html`<div class="head undated">
      <p>${certaintyMark(deadline, language)}</p>
      ${basis}
    </div>`;
  const left = completion !== null || isAssumed(deadline) ? '' : timeLeft(today, day, language, isProjected(deadline));
  return html`<div class="head">
    ${dayBlock(day, language, isAssumed(deadline))}
    <div>
      <p class="sentence">${say(`room:duty.${DAY_NAMES[dayWord(deadline)]}`, { day: writeDay(day, language) })}</p>
      <p>${certaintyMark(deadline, language)} <span class="small">${left}</span></p>
      ${basis}
    </div>
  </div>`;
}

function outcomeSection({ language }: MemberAsk, { askedAgain, completion }: AgendaItem, forms: SafeHtml | false): SafeHtml {
  const say = wordsIn(language);
  return html`<section aria-labelledby="outcome">
    <h2 id="outcome">${say('room:duty.outcome')}</h2>
    ${completion === null ? html`<p>${say('room:duty.open')}</p>` : said(completion, language)}
    ${askedAgain === null ? '' : notice(html`${say('room:duty.asked_again')} ${sentenceOf(askedAgain, language)}`, 'caution')}
    ${forms || ''}
  </section>`;
}

function said(completion: Completion, language: Language): SafeHtml {
  const say = wordsIn(language);
  const { evidence, notApplicable } = completion;
  return notice(
    html`${sentenceOf(completion, language)} ${notApplicable ? say('room:duty.because', { reason: notApplicable }) : ''}
    ${evidence === null ? '' : say('room:duty.evidence_is', { evidence })}`,
    'status',
  );
}

function sentenceOf({ by, completedOn, notApplicable }: Completion, language: Language): string {
  const say = wordsIn(language);
  const day = writeDay(completedOn, language);
  return `${say(notApplicable === undefined ? 'room:duty.submitted' : 'room:duty.not_applicable', { day })} ${say('room:duty.by', { by })}`;
}

function forms(ask: MemberAsk, { completion, deadline }: AgendaItem, typed: Typed, faults: Faults): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const here = roomAddress(ask, 'datums', deadline.id);
  if (completion !== null) {
    const lost = completion.evidence === null ? '' : html`<p>${say('page:undo.evidence')}</p>`;
    return roomForm(ask, here, html`${lost} ${button(say('room:duty.reopen'), 'plain', { name: 'act', value: 'reopen' })}`);
  }
  const [on, evidence, reason] = fieldsOf(faults, language) as [Field, Field, Field];
  return html`${roomForm(
      ask,
      here,
      html`${textField({ ...on, value: typed.on, type: 'date' })} ${textField({ ...evidence, value: typed.evidence })}
      ${button(say('room:duty.submit'), 'primary', { name: 'act', value: 'submitted' })}`,
    )}
    <h3>${say('room:duty.not_ours')}</h3>
    ${roomForm(
      ask,
      here,
      html`${textField({ ...reason, value: typed.reason })}
      ${button(say('room:duty.not_applicable_button'), 'plain', { name: 'act', value: 'not_applicable' })}`,
    )}`;
}

/** The fields in their order, each with what is wrong with it. */
function fieldsOf(faults: Faults, language: Language): Field[] {
  const say = wordsIn(language);
  return [
    { name: 'on', label: say('room:duty.on'), error: faults.on },
    { name: 'evidence', label: say('room:duty.evidence'), hint: say('room:duty.evidence_hint'), error: faults.evidence },
    { name: 'reason', label: say('room:duty.reason'), hint: say('room:duty.reason_hint'), error: faults.reason },
  ];
}
