/** One recipient of an organisation: what is chosen for it, a trial, and its end. */
import { amsterdamDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import { eraseRecipient } from '../../../../db/recipients/erasure.ts';
import { chooseKind } from '../../../../db/recipients/preferences.ts';
import { changeRecipient } from '../../../../db/recipients/recipients.ts';
import { sendTrial } from '../../../../db/recipients/trials.ts';
import { DECLINABLE_KINDS } from '../../../../db/schema/schema.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { readRoomAgenda } from '../agenda-facts.ts';
import { roomAddress, roomForm, roomPath, roomText, unknownActText } from '../frame.ts';
import { readRecipients, type RecipientFacts } from './facts.ts';
import { choicesOf, choiceFields, fieldsOf, faultsOf, typedBy, typedIn, type Faults, type Typed } from './choices.ts';
import { recipientSentences } from './sentences.ts';

const PATH = '/o/:id/ontvangers/:recipientId';

export function recipientPage(deps: Deps) {
  const { change, clock, read, secret } = deps;
  const find = async ({ organisation, request, signedIn }: MemberAsk): Promise<OneOfThem | null> => {
    const { recipientId } = request.params as { recipientId: string };
    const all = await readRecipients(read, organisation.id, secret, clock());
    const one = all.find(({ recipient }) => recipient.id === recipientId);
    return one ? { ...one, count: all.length, isOwn: one.recipient.email === signedIn.session.person.email } : null;
  };
  const sentencesOf = async (ask: MemberAsk, facts: RecipientFacts) =>
    recipientSentences(facts, (await readRoomAgenda(deps, ask.organisation.id)).items, clock(), ask.language);
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      return facts && recipientText(ask, facts, await sentencesOf(ask, facts), { typed: typedBy(facts) });
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const facts = await find(ask);
      if (!facts) return null;
      const {
        organisation: { id: organisationId },
      } = ask;
      const { id, declined } = facts.recipient;
      const here = roomPath(ask, 'ontvangers', id);
      const refuse = async (status: number, shown: Partial<Shown>) => {
        ask.reply.code(status);
        return recipientText(ask, facts, await sentencesOf(ask, facts), { typed: typedBy(facts), ...shown });
      };
      const act = ask.fields.get('act');
      if (act === 'remove') {
        await change((tx) => eraseRecipient(tx, { organisationId, id }, secret, clock()));
        return onwardSaying(ask, roomPath(ask, 'ontvangers'), 'weg');
      }
      if (act === 'trial') {
        try {
          await change((tx) => sendTrial(tx, organisationId, id, clock()));
        } catch (error) {
          if (!(error instanceof AppError) || (error.kind !== 'limited' && error.kind !== 'conflict')) throw error;
          return refuse(error.kind === 'limited' ? 429 : 409, { isRefusedTrial: true });
        }
        return onwardSaying(ask, here, 'proef');
      }
      if (act !== 'save') return unknownActText(ask, 'ontvangers', id);
      const typed = typedIn(ask, facts);
      const faults = faultsOf(typed, facts, amsterdamDay(clock()), ask.language);
      if (Object.keys(faults).length > 0) return refuse(400, { typed, faults });
      await change(async (tx) => {
        await changeRecipient(tx, organisationId, id, choicesOf(typed), clock());
        for (const kind of DECLINABLE_KINDS) {
          const isUnwanted = typed.unwanted.includes(kind);
          if (isUnwanted !== declined.includes(kind)) await chooseKind(tx, id, kind, !isUnwanted, clock());
        }
      });
      return onwardSaying(ask, here, 'bewaard');
    });
  };
}

type OneOfThem = RecipientFacts & { count: number; isOwn: boolean };

interface Shown {
  typed: Typed;
  faults?: Faults;
  isRefusedTrial?: boolean;
}

function recipientText(
  ask: MemberAsk,
  facts: OneOfThem,
  sentences: readonly string[],
  { faults = {}, isRefusedTrial = false, typed }: Shown,
): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { email, id } = facts.recipient;
  const said = saidOf(ask, ['nieuw', 'bewaard', 'proef']);
  const here = roomAddress(ask, 'ontvangers', id);
  const content = html`${errorSummary(fieldsOf(faults, facts, language), language)}
    ${said === null ? '' : notice(say(`room:recipient.said.${said}`, { email }), 'status')}
    ${isRefusedTrial ? notice(say('room:recipient.trial_refused'), 'caution') : ''}
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    ${role !== 'manager' ? '' : html`${trialForm(ask, facts, here)} ${choiceForm(ask, facts, { typed, faults }, here)} ${removeForm(ask, here, email)}`}
    <p><a href="${roomAddress(ask, 'ontvangers')}">${say('room:recipient.all')}</a></p>`;
  return roomText(ask, { page: 'ontvangers', title: email, content });
}

function trialForm(ask: MemberAsk, { status }: RecipientFacts, here: string): SafeHtml | '' {
  const say = wordsIn(ask.language);
  if (status !== 'confirmed') return '';
  return roomForm(ask, here, button(say('room:recipient.trial'), 'plain', { name: 'act', value: 'trial' }));
}

function choiceForm(ask: MemberAsk, facts: OneOfThem, { faults, typed }: { faults: Faults; typed: Typed }, here: string): SafeHtml {
  const say = wordsIn(ask.language);
  return html`<section aria-labelledby="choices">
    <h2 id="choices">${say('room:recipient.choices')}</h2>
    ${roomForm(
      ask,
      here,
      html`${choiceFields(facts, typed, faults, ask.language)} ${button(say('room:save'), 'primary', { name: 'act', value: 'save' })}`,
    )}
  </section>`;
}

function removeForm(ask: MemberAsk, here: string, email: string): SafeHtml {
  const say = wordsIn(ask.language);
  return html`<section aria-labelledby="remove">
    <h2 id="remove">${say('room:recipient.remove')}</h2>
    <p>
      ${say('room:recipient.remove_text', { email })} <a href="${pageAddress(ask, '/privacy')}">${say('room:recipient.remove_privacy')}</a>
    </p>
    ${roomForm(ask, here, button(say('room:recipient.remove_button', { email }), 'grave', { name: 'act', value: 'remove' }))}
  </section>`;
}
