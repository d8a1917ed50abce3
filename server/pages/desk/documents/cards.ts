/** The cards of what a document proposes: what each says, where it stands, and what an editor decides of it. */
import { writeDay } from '../../../../calendars/days.ts';
import { isCounted } from '../../../../calendars/deadlines/kinds.ts';
import { writeChannel } from '../../../../calendars/channel-text.ts';
import type { Proposal } from '../../../../calendars/extraction/proposal.ts';
import type { Acceptance } from '../../../../db/registry/documents/decisions.ts';
import type { DocumentScope } from '../../../../db/registry/documents/keeping.ts';
import type { App } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import { button } from '../../parts/button.ts';
import { textField } from '../../parts/field.ts';
import { entryLink, pageAddress } from '../../parts/page-link.ts';
import { rowList, type Row } from '../../parts/rows.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskForm, deskPath, say } from '../frame.ts';
import { isSameScope, type Card } from './card-state.ts';
import { ruleWords } from '../rule-words.ts';

interface Shown {
  documentKey: string;
  scopes: readonly DocumentScope[];
  /** Names of editors, by who they are in the audit. */
  labels: ReadonlyMap<string, string>;
  /** What is wrong with the reason that was given for one of them. */
  fault: { id: string; error: string; typed: string } | null;
}

export function cardView(ask: EditorAsk, card: Card, shown: Shown): SafeHtml {
  const { id, joined } = card;
  const [main] = joined;
  const name = nameOf(main);
  return html`<li class="proposal" id="kaart-${id}">
    <h3>${name}</h3>
    ${joined.map(
      ({ page, quote, section }, i) =>
        html`<figure class="quote">
          <blockquote lang="nl"><p>${quote}</p></blockquote>
          <figcaption>
            <a href="#zin-${card.ids[i]}">${placeWords({ page, section })}<span class="unseen">: ${name}</span></a>
          </figcaption>
        </figure>`,
    )}
    ${joined.length > 1 ? html`<p class="small">${say('papers:reading.joined')}</p>` : ''} ${rowList(rowsOf(card))}
    ${decisionView(ask, card, shown)}
  </li>`;
}

/** What it is called: its activity, else what kind of thing it is. */
function nameOf({ activity, kind, strictness }: Proposal): string {
  if (kind === 'requirement') return say(`papers:strictness.${strictness ?? 'hard'}`);
  return activity === null ? say('papers:reading.no_activity') : say(`common:activity.${activity}`);
}

export function placeWords({ page, section }: Pick<Proposal, 'page' | 'section'>): string {
  const words = [
    page === null ? [] : say('papers:reading.at_page', { number: page }),
    section === null ? [] : say(/^\d/.test(section) ? 'papers:reading.at_section' : 'papers:reading.at_title', { section }),
  ].flat();
  return words.length === 0 ? say('papers:reading.in_text') : words.join(', ');
}

function rowsOf({ joined }: Card): Row[] {
  const [main] = joined;
  const { actors, kind } = { kind: main.kind, actors: joined.find((one) => one.actors.length > 0)?.actors ?? [] };
  const safe = joined.flatMap(({ lastSafeOn }) => lastSafeOn ?? []).sort()[0];
  const channel = joined.find((one) => one.channel !== null)?.channel ?? null;
  const consequence = joined.find((one) => one.consequence !== null)?.consequence ?? null;
  const isDated = kind !== 'requirement';
  return [
    row('kind', say(`common:kind.${kind}`)),
    ...(isDated ? [row('rule', ruleWords(main))] : []),
    ...(isDated && main.printed !== null ? [row('printed', joined.flatMap(({ printed }) => printed ?? []).join(' / '))] : []),
    ...(safe === undefined || !isCounted(main) ? [] : [row('safe', writeDay(safe, 'nl'))]),
    ...(main.years === null ? [] : [row('years', say('papers:reading.years', { count: main.years }))]),
    ...(actors.length === 0 ? [] : [row('actors', actors.map((actor) => say(`common:role.${actor}`)).join(', '))]),
    ...(main.contractStatus === 'any' ? [] : [row('status', say(`papers:status.${main.contractStatus}`))]),
    ...(channel === null ? [] : [row('channel', writeChannel(channel, 'nl'))]),
    ...(consequence === null ? [] : [row('consequence', consequence.text)]),
  ];
}

const row = (name: string, value: string): Row => ({ label: say(`papers:reading.row.${name}`), value });

/** What was decided, with how it is undone; and the buttons that decide what is left. */
function decisionView(ask: EditorAsk, card: Card, shown: Shown): SafeHtml {
  const { acceptances, id, joined, rejection, standing } = card;
  const { documentKey, labels, scopes } = shown;
  const about = html`<span class="unseen">: ${nameOf(joined[0])}, ${placeWords(joined[0])}</span>`;
  const send = (content: SafeHtml) =>
    deskForm(ask, deskPath('documenten', documentKey), html`<input type="hidden" name="card" value="${id}" /> ${content}`);
  const byOf = (who: string) => labels.get(who) ?? say('papers:reading.somebody');
  if (standing !== null) return html`<p><strong>${say('papers:reading.standing')}</strong> ${entryLink(ask, standing)}</p>`;
  if (rejection !== null)
    return html`<p><strong>${say('papers:reading.rejected', { by: byOf(rejection.rejectedBy), reason: rejection.reason })}</strong></p>
      ${send(html`<button type="submit" class="button plain" name="doe" value="back">${say('papers:reading.take_back')}${about}</button>`)}`;
  const open = scopes.filter((scope) => !acceptances.some((one) => isSameScope(one, scope)));
  return html`${acceptances.map((one) => acceptedView(ask, one, { about, by: byOf(one.editedBy), isOneOfMany: scopes.length > 1 }))}
  ${open.map((scope) => send(acceptButtons(ask, scope, { about, isOneOfMany: scopes.length > 1, isWhole: !lacksSubject(card) })))}
  ${acceptances.length > 0 ? '' : rejectView(card, shown.fault, { about, send })}`;
}

interface Said {
  about: SafeHtml;
  /** Whether the document is for other years or kinds of care too. */
  isOneOfMany: boolean;
}

export const scopeWords = ({ careType, contractYear }: DocumentScope) =>
  say('papers:reading.scope', { year: contractYear, care: say(`common:care_type.${careType}`) });

function acceptedView(ask: EditorAsk, acceptance: Acceptance, { about, by, isOneOfMany }: Said & { by: string }): SafeHtml {
  const form = entryForm(ask.reply.server);
  const address = form && pageAddress(ask, form(acceptance.editionId, acceptance.entryId));
  const words = say(`papers:reading.accepted.${acceptance.status === 'draft' ? 'draft' : 'published'}`, { by });
  return html`<p>
    <strong>${words}</strong> ${isOneOfMany ? scopeWords(acceptance) : ''}
    ${address === null ? '' : html`<a href="${address}">${say('papers:reading.open_entry')}${about}</a>`}
  </p>`;
}

/** Whether nobody knows yet what it is about: that is chosen before it is a date. */
export const lacksSubject = ({ joined: [main] }: Pick<Card, 'joined'>) => main.activity === null && main.kind !== 'requirement';

/** `isWhole`: it can be accepted as it is. */
function acceptButtons(ask: EditorAsk, scope: DocumentScope, { about, isOneOfMany, isWhole }: Said & { isWhole: boolean }): SafeHtml {
  const words = (name: string) =>
    isOneOfMany ? say(`papers:reading.${name}_for`, { scope: scopeWords(scope) }) : say(`papers:reading.${name}`);
  const adjust = html`<button type="submit" class="button plain" name="doe" value="adjust">
    ${isWhole ? say('papers:reading.adjust') : words('choose')}${about}
  </button>`;
  const accept = html`<button type="submit" class="button plain" name="doe" value="accept">${words('accept')}${about}</button>`;
  return html`<input type="hidden" name="scope" value="${scope.contractYear}/${scope.careType}" />
    ${isWhole ? '' : html`<p class="small">${say('papers:reading.subject_needed')}</p>`}
    <p class="buttons">${isWhole ? accept : ''} ${entryForm(ask.reply.server) === null ? '' : adjust}</p>`;
}

function rejectView(
  { id }: Card,
  fault: Shown['fault'],
  { about, send }: { about: SafeHtml; send: (content: SafeHtml) => SafeHtml },
): SafeHtml {
  const own = fault?.id === id ? fault : null;
  const reason = {
    name: `reason-${id}`,
    label: say('papers:reading.reason'),
    ...(own === null ? {} : { error: own.error, value: own.typed }),
  };
  return html`<details ${own === null ? '' : html`open`}>
    <summary>${say('papers:reading.reject')}${about}</summary>
    ${send(html`${textField(reason)} ${button(say('papers:reading.reject_button'), 'plain', { name: 'doe', value: 'reject' })}`)}
  </details>`;
}

/** The path of the form of an entry, once there is such a page. */
export function entryForm({ paths }: Pick<App, 'paths'>): ((editionId: string, entryId: string) => string) | null {
  const isThere = [...paths.keys()].some((path) => /^\/redactie\/edities\/:\w+\/:\w+$/.test(path));
  return isThere ? (editionId, entryId) => deskPath('edities', editionId, entryId) : null;
}
