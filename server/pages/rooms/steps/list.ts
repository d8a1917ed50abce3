/** An organisation's own dates: what is to come, what was let pass and what is done, with a form that adds one or changes one. */
import { isOpenStep, type Step } from '../../../../calendars/agenda/step.ts';
import { amsterdamDay, writeDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { titleOf, wordsIn } from '../../../../calendars/words.ts';
import {
  addStep,
  changeStep,
  completeStep,
  listSteps,
  MOST_STEPS,
  removeStep,
  reopenStep,
} from '../../../../db/organisations/steps/steps.ts';
import { listRecipients } from '../../../../db/recipients/recipients.ts';
import type { WriteDb } from '../../../../db/store/store.ts';
import type { App, Deps } from '../../../deps.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button, buttonLink } from '../../parts/button.ts';
import { shortDay, timeLeft } from '../../parts/day-block.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { openOf, readRoomAgenda, type RoomAgenda } from '../agenda-facts.ts';
import { roomAddress, roomForm, roomPath, roomText } from '../frame.ts';
import { BLANK, faultsOf, fieldsOf, inputOf, stepFields, typedBy, typedIn, type Choices, type Faults, type Typed } from './form.ts';

const PATH = '/o/:id/eigen-datums';
/** What the buttons beside a step do; each names it. */
const ACTS = ['done', 'undo', 'remove'] as const;
/** What the page says that a form leads on to: that the step which it was for was removed; else the id of the one that it kept. */
const GONE = 'weg';

export function stepsPage(deps: Deps) {
  const { change, clock, read } = deps;
  const find = async ({ organisation }: MemberAsk): Promise<Facts> => {
    const today = amsterdamDay(clock());
    const { items } = await readRoomAgenda(deps, organisation.id);
    return {
      all: items,
      items: openOf(items, today).filter(({ as }) => as !== 'informed'),
      recipients: await listRecipients(read, organisation.id),
      steps: await listSteps(read, organisation.id),
      today,
    };
  };
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      const { wijzig } = ask.request.query as { wijzig?: string };
      const step = facts.steps.find(({ id }) => id === wijzig) ?? null;
      return stepsText(ask, facts, { step, typed: step ? typedBy(step) : BLANK });
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const { language, organisation } = ask;
      const pressed = ACTS.find((act) => ask.fields.get(act) !== null);
      if (pressed !== undefined) {
        await change((tx) => act(tx, ask, pressed, clock()));
        return { onward: roomPath(ask, 'eigen-datums') };
      }
      const facts = await find(ask);
      const named = ask.fields.get('step') ?? '';
      const step = facts.steps.find(({ id }) => id === named) ?? null;
      // Somebody else may have removed it while it was changed.
      if (named !== '' && step === null) return onwardSaying(ask, roomPath(ask, 'eigen-datums'), GONE);
      const typed = typedIn(ask);
      const refuse = (faults: Faults) => {
        ask.reply.code(400);
        return stepsText(ask, facts, { step, typed, faults });
      };
      const faults = faultsOf(typed, facts, step, language);
      if (Object.keys(faults).length > 0) return refuse(faults);
      try {
        const input = inputOf(typed);
        const { id } = await change((tx) =>
          step ? changeStep(tx, organisation.id, step.id, input, clock()) : addStep(tx, organisation.id, input, clock()),
        );
        return onwardSaying(ask, roomPath(ask, 'eigen-datums'), id);
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
        return refuse({ what: wordsIn(language)('room:steps.error.full', { most: MOST_STEPS }) });
      }
    });
  };
}

/** Does what a button says. One that somebody else removed, or did so to, a moment before stays as it is. */
async function act(tx: WriteDb, { fields, organisation, signedIn }: MemberAsk & FormAsk, pressed: (typeof ACTS)[number], now: Date) {
  const { id } = organisation;
  const { email } = signedIn.session.person;
  const step = (await listSteps(tx, id)).find((one) => one.id === fields.get(pressed));
  if (!step) return;
  if (pressed === 'remove') await removeStep(tx, id, step.id, now);
  else if (pressed === 'undo' && step.completion !== null) await reopenStep(tx, id, step.id, now, { way: 'page', by: email });
  else if (pressed === 'done' && step.completion === null)
    await completeStep(tx, id, step.id, { completedOn: amsterdamDay(now), by: email }, now);
}

interface Facts extends Choices {
  /** All that concerns the organisation. */
  all: RoomAgenda['items'];
  /** By day. */
  steps: readonly Step[];
}

interface Shown {
  /** What is changed; null where one is added. */
  step: Step | null;
  typed: Typed;
  faults?: Faults;
}

function stepsText(ask: MemberAsk, facts: Facts, shown: Shown): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { faults = {} } = shown;
  const { steps, today } = facts;
  const told = saidOf(ask, [GONE, ...steps.map(({ id }) => id)]);
  const saved = steps.find(({ id }) => id === told);
  const open = steps.filter((step) => isOpenStep(step, today));
  const passed = steps.filter(({ completion, dueOn }) => completion === null && dueOn < today);
  const done = steps.filter(({ completion }) => completion !== null);
  const content = html`${errorSummary(fieldsOf(faults, language), language)}
    ${saved === undefined ? '' : notice(say('room:steps.saved', { what: saved.title, day: writeDay(saved.dueOn, language) }), 'status')}
    ${told !== GONE ? '' : notice(say('room:steps.gone'), 'caution')} ${role === 'manager' ? stepForm(ask, facts, shown) : ''}
    <section aria-labelledby="open">
      <h2 id="open">${say('room:steps.open')}</h2>
      ${open.length === 0 ? html`<p>${say('room:steps.none')}</p>` : stepList(ask, facts, open)}
    </section>
    ${sectionOf('passed', passed.toReversed())} ${sectionOf('done', done.toReversed())}`;
  return roomText(ask, { page: 'eigen-datums', title: say('room:steps.title'), lead: say('room:steps.lead'), content });

  function sectionOf(name: 'passed' | 'done', some: readonly Step[]): SafeHtml | '' {
    if (some.length === 0) return '';
    return html`<section aria-labelledby="${name}">
      <h2 id="${name}">${say(`room:steps.${name}`)}</h2>
      ${stepList(ask, facts, some)}
    </section>`;
  }
}

function stepForm(ask: MemberAsk, facts: Facts, { faults = {}, step, typed }: Shown): SafeHtml {
  const say = wordsIn(ask.language);
  const here = roomAddress(ask, 'eigen-datums');
  return html`<section aria-labelledby="form">
    <h2 id="form">${step ? say('room:steps.change_one', { what: step.title }) : say('room:steps.add')}</h2>
    ${roomForm(
      ask,
      here,
      html`${step ? html`<input type="hidden" name="step" value="${step.id}" />` : ''} ${stepFields(facts, typed, faults, ask.language)}
      ${button(say(step ? 'room:save' : 'room:steps.add_button'), 'primary')} ${step ? buttonLink(here, say('room:steps.keep')) : ''}`,
    )}
  </section>`;
}

function stepList(ask: MemberAsk, facts: Facts, steps: readonly Step[]): SafeHtml {
  return html`<ul class="lines">
    ${steps.map((step) => stepLine(ask, facts, step))}
  </ul>`;
}

function stepLine(ask: MemberAsk, { all, recipients, today }: Facts, step: Step): SafeHtml {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { completion, deadlineId, dueOn, id, ownerId, title } = step;
  const before = all.find(({ deadline }) => deadline.id === deadlineId);
  const owner = recipients.find((one) => one.id === ownerId);
  return html`<li>
    <p class="what">${title}</p>
    <p class="small">
      ${shortDay(dueOn, today, language)}. ${isOpenStep(step, today) ? timeLeft(today, dueOn, language) : ''}
      ${completion === null ? '' : say('room:steps.done_by', { day: writeDay(completion.completedOn, language), by: completion.by })}
      ${owner === undefined ? '' : say('room:steps.owner', { who: owner.email })}
      ${
        before === undefined
          ? ''
          : html`${say('room:steps.before')}
              <a href="${roomAddress(ask, 'datums', before.deadline.id)}">${titleOf(before.deadline, language)}</a>
              ${before.insurerName ?? say('common:sector')}`
      }
    </p>
    ${
      role !== 'manager'
        ? ''
        : html`${roomForm(
            ask,
            roomAddress(ask, 'eigen-datums'),
            html`${actButton(completion === null ? 'done' : 'undo')}
              <a class="button plain" href="${roomAddress(ask, 'eigen-datums')}?wijzig=${id}"
                >${say('room:steps.change')} <span class="unseen">${title}</span></a
              >
              ${actButton('remove')}`,
          )}`
    }
  </li>`;

  function actButton(name: (typeof ACTS)[number]): SafeHtml {
    return html`<button type="submit" class="button ${name === 'remove' ? 'grave' : 'plain'}" name="${name}" value="${id}">
      ${say(`room:steps.${name}_button`)} <span class="unseen">${title}</span>
    </button>`;
  }
}
