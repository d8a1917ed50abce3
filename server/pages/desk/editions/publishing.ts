/** Publishing an edition, and what can be done with it afterwards: taking back, looking at what was published alone, publishing it again. */
import { writeList } from '../../../../calendars/words.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { lookAt } from '../../../../db/registry/editions/looking.ts';
import { isWrittenBy, publishEdition } from '../../../../db/registry/editions/publish.ts';
import { draftAgain } from '../../../../db/registry/editions/returning.ts';
import { takeBack } from '../../../../db/registry/editions/taking-back.ts';
import type { Deps } from '../../../deps.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { Onward } from '../../page.ts';
import { button, buttonLink } from '../../parts/button.ts';
import { textArea, type Field } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { writeMoment } from '../../people/moment.ts';
import { onwardSaying } from '../../session/said.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskForm, deskPath, personOf, say } from '../frame.ts';
import { wordFaults } from './form/fault-words.ts';
import { nameIn, type EditionFacts } from './facts.ts';
import { labelIn } from './saying.ts';

/** What may be pressed, by the name of its button. */
export const ACTS = ['publish', 'take_back', 'look', 'again'] as const;
export type Act = (typeof ACTS)[number];

/** What was refused: beside the reason, or of an entry. */
export interface Refusal {
  reason?: string;
  alone?: string;
  lines?: string[];
}

/** Does what was pressed; what refuses it is told by `Refusal`, else it throws as the change itself does. */
export async function act(ask: EditorAsk & FormAsk, deps: Deps, facts: EditionFacts, pressed: Act): Promise<Onward | Refusal> {
  const { id } = facts.edition;
  const by = personOf(ask);
  const now = deps.clock();
  const path = deskPath('edities', id);
  if (pressed === 'take_back') {
    await deps.change((tx) => takeBack(tx, id, by, now));
    return onwardSaying(ask, path, 'taken_back');
  }
  if (pressed === 'look') {
    await deps.change((tx) => lookAt(tx, id, by, now));
    return onwardSaying(ask, path, 'looked');
  }
  if (pressed === 'again') {
    const { edition, kept } = await deps.change((tx) => draftAgain(tx, id, by, now));
    return onwardSaying(ask, deskPath('edities', edition.id), kept.length === 0 ? 'again' : 'again_kept');
  }
  const aloneReason = (ask.fields.get('aloneReason') ?? '').replaceAll('\r\n', '\n').trim();
  if (isWrittenBy(facts, by) && aloneReason === '') return { alone: say('edition:publish.error.alone') };
  if (aloneReason.length > MOST_CHARACTERS)
    return { reason: aloneReason, alone: say('edition:fault.long', { a: String(MOST_CHARACTERS) }) };
  try {
    const publication = { mark: ask.fields.get('mark') ?? '', by, label: ask.label, aloneReason: aloneReason || null };
    await deps.change((tx) => publishEdition(tx, id, publication, now));
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
    return { reason: aloneReason, lines: refusedLines(error, facts) };
  }
  return onwardSaying(ask, path, 'published');
}

const MOST_CHARACTERS = 500;

/** Which entry was refused, and why. */
export function refusedLines({ faults }: Pick<AppError, 'faults'>, { entries }: EditionFacts): string[] {
  return faults.flatMap(({ field, message }) => {
    const [, at, rest = ''] = /^entries\.(\d+)\.?(.*)$/.exec(field) ?? [];
    const one = entries[Number(at)];
    if (at === undefined || !one) return [say('edition:publish.error.empty')];
    const rule = one.foretold?.rule.kind;
    return wordFaults([{ field: rest, message }], one.entry.content, rule).map(({ text }) => `${nameIn(one)}: ${text}`);
  });
}

/** Why an edition is not taken back: it is public, one of its dates was changed since, or has its place taken. */
export function keptText({ faults: [fault] }: Pick<AppError, 'faults'>, { entries }: Pick<EditionFacts, 'entries'>): string {
  if (fault === undefined) return say('edition:publish.error.late');
  if (fault.field === 'careType') return say('edition:publish.error.place');
  const one = entries[Number(/^entries\.(\d+)$/.exec(fault.field)?.[1])];
  return say('edition:publish.error.changed', { title: one === undefined ? '' : nameIn(one) });
}

/** The form that publishes a draft as it stands on this page; where something is missing yet, that. */
export function publishSection(ask: EditorAsk, facts: EditionFacts, { alone, lines = [], reason = '' }: Refusal = {}): SafeHtml {
  const { edition, entries, mark } = facts;
  const unfinished = entries.filter(({ faults }) => faults.length > 0).length;
  const isAlone = isWrittenBy(facts, personOf(ask));
  const field = aloneField(alone);
  const form = html`<input type="hidden" name="mark" value="${mark}" />
    <p>${say('edition:publish.text')}</p>
    ${isAlone ? html`<p>${say('edition:publish.alone_text')} ${writersText(facts)}</p>` : ''}
    ${isAlone ? textArea({ ...field, value: reason, rows: 2 }) : ''}
    ${button(say(isAlone ? 'edition:publish.alone_button' : 'edition:publish.button'), 'primary', { name: 'act', value: 'publish' })}`;
  return html`<section aria-labelledby="publish">
    <h2 id="publish">${say('edition:publish.title')}</h2>
    ${lines.map((line) => notice(line, 'caution'))} ${previewLink(ask, facts)}
    ${
      entries.length === 0 || unfinished > 0
        ? html`<p>${entries.length === 0 ? say('edition:publish.empty') : say('edition:publish.unfinished', { count: unfinished })}</p>`
        : deskForm(ask, deskPath('edities', edition.id), form)
    }
  </section>`;
}

/** None of whom is the second person. */
function writersText({ labels, writers }: EditionFacts): string {
  const names = [...new Set(writers.map((by) => labelIn(labels, by)))];
  return say('edition:publish.writers', { who: writeList(names, 'nl') });
}

/** The way to what publishing would do; empty where there is nothing to publish. */
export function previewLink(ask: EditorAsk, { edition, entries }: EditionFacts): SafeHtml | '' {
  if (entries.length === 0) return '';
  return html`<p>${buttonLink(pageAddress(ask, deskPath('edities', edition.id, 'voorbeeld')), say('edition:preview.open_link'))}</p>`;
}

/** The reason for publishing alone, as a field. */
export function aloneField(error?: string): Field {
  return { name: 'aloneReason', label: say('edition:publish.reason'), hint: say('edition:publish.reason_hint'), error };
}

/** What can be done with an edition that was published: until when it can be taken back, whether somebody else has looked, and how it is published again. */
export function publishedSection(ask: EditorAsk, facts: EditionFacts, now: Date): SafeHtml | '' {
  const { publicAt, status } = facts.edition;
  if (status === 'taken_back')
    return html`<section aria-labelledby="again">
      <h2 id="again">${say('edition:published.again')}</h2>
      <p>${say('edition:published.again_text')}</p>
      ${press(ask, facts, 'again', 'primary')}
    </section>`;
  if (status !== 'published' || publicAt === null) return '';
  const isHeld = now < publicAt;
  return html`<section aria-labelledby="published">
    <h2 id="published">${say(isHeld ? 'edition:published.held' : 'edition:published.public')}</h2>
    <p>${say(isHeld ? 'edition:published.held_text' : 'edition:published.public_text', { moment: writeMoment(publicAt, 'nl') })}</p>
    ${isHeld ? press(ask, facts, 'take_back', 'grave') : ''} ${lookPart(ask, facts)}
  </section>`;
}

/** Of an edition that was published alone: why, and whether somebody else has looked. */
function lookPart(ask: EditorAsk, facts: EditionFacts): SafeHtml | '' {
  const { aloneReason, lookedAt, lookedBy, publishedBy } = facts.edition;
  if (aloneReason === null) return '';
  if (lookedAt !== null) {
    const seen = { who: labelIn(facts.labels, lookedBy ?? ''), moment: writeMoment(lookedAt, 'nl') };
    return html`<p>${say('edition:published.seen', seen)}</p>`;
  }
  const mayLook = publishedBy !== personOf(ask) && !isWrittenBy(facts, personOf(ask));
  return html`${notice(say('edition:published.unseen', { reason: aloneReason }), 'caution')}
  ${mayLook ? press(ask, facts, 'look', 'plain') : html`<p class="small">${say('edition:published.others')}</p>`}`;
}

function press(ask: EditorAsk, { edition }: EditionFacts, value: Exclude<Act, 'publish'>, weight: 'plain' | 'grave' | 'primary'): SafeHtml {
  const label = say(`edition:published.${value}_button`);
  return deskForm(ask, deskPath('edities', edition.id), button(label, weight, { name: 'act', value }));
}
