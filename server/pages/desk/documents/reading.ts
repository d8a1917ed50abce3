/** A document as its reader sees it: the text with the sentences lit, and beside it what they propose, to be accepted or rejected one by one. */
import { listEditors } from '../../../../db/people/editors.ts';
import { findDeskDocument, readBytes, readText, type DeskDocument } from '../../../../db/registry/documents/documents.ts';
import { acceptProposals, ProposalInTheWay, rejectProposals, takeBackRejections } from '../../../../db/registry/documents/decisions.ts';
import type { DocumentScope } from '../../../../db/registry/documents/keeping.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import type { App, Deps } from '../../../deps.ts';
import type { FormAsk } from '../../forms.ts';
import type { PageText } from '../../layout.ts';
import type { Onward } from '../../page.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying } from '../../session/said.ts';
import { isProjected } from '../../../../calendars/deadlines/certainty.ts';
import { cleanLine } from '../../../../calendars/clean-text.ts';
import { deskPath, personOf, say } from '../frame.ts';
import { isOpen, readCards, type Card } from './card-state.ts';
import { entryForm, lacksSubject } from './cards.ts';
import { documentText, type Reading } from './document-text.ts';
import { readAgain } from './lost-quotes.ts';
import { draftMention } from './mention.ts';

const PATH = deskPath('documenten', ':documentKey');

export function readingPage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, PATH, async (ask) => {
    const reading = await readingOf(ask, deps);
    return reading && documentText(ask, reading, null);
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const reading = await readingOf(ask, deps);
    if (reading === null) return null;
    if (ask.fields.has('mention')) return takeMention(ask, deps, reading);
    const card = reading.cards.find(({ id }) => id === ask.fields.get('card'));
    return card === undefined ? null : decide(ask, deps, reading, card);
  });
  serveEditorPage(app, deps, deskPath('documenten', ':documentKey', 'bestand'), async ({ reply, request }) => {
    const { documentKey: key } = request.params as { documentKey: string };
    const file = await readBytes(deps.read, key);
    if (file === null) return null;
    // Whatever stands in it: no browser shows it as a page of ours, or runs it.
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    const isPdf = file.mediaType === 'application/pdf';
    return { download: file.bytes, name: `${key}.${isPdf ? 'pdf' : 'txt'}`, type: isPdf ? 'application/pdf' : 'text/plain; charset=utf-8' };
  });
}

async function readingOf(ask: EditorAsk, deps: Deps): Promise<Reading | null> {
  const { read } = deps;
  const document = await findDeskDocument(read, (ask.request.params as { documentKey: string }).documentKey);
  if (document === null) return null;
  const words = await readText(read, document.key);
  const [insurer, years] = [insurerOf(document), new Set(document.scopes.map(({ contractYear }) => contractYear))];
  const { parts } = await deps.cache.refresh();
  const all = parts.get(insurer ?? '')?.deadlines ?? [];
  const entries = all.filter((one) => years.has(one.contractYear) && one.status === 'published' && !isProjected(one));
  return {
    document,
    words,
    cards: words === null ? [] : await readCards(read, { insurer, entries, scopes: document.scopes }, words.extraction),
    quotes: await readAgain(deps, document),
    labels: await labelsOf(read),
  };
}

/** Whose decisions hold: those of the first insurer that it speaks of; null for the whole sector. */
const insurerOf = ({ insurers }: DeskDocument): string | null => insurers[0] ?? null;

async function labelsOf(db: ReadDb): Promise<Map<string, string>> {
  return new Map((await listEditors(db)).map(({ label, personId }) => [`person:${personId}`, label]));
}

/** What the button says is done, and leads on to the next card that waits. */
async function decide(ask: EditorAsk & FormAsk, deps: Deps, reading: Reading, card: Card): Promise<PageText | Onward> {
  const { document } = reading;
  const [insurer, change] = [insurerOf(document), { by: personOf(ask), now: deps.clock() }];
  const quotes = card.joined.map(({ quote }) => quote);
  const act = ask.fields.get('doe') ?? '';
  if (act === 'back') {
    await deps.change((tx) => takeBackRejections(tx, insurer, quotes));
    return onwardTo(onwardSaying(ask, deskPath('documenten', document.key), 'back'), card);
  }
  if (act === 'reject') {
    const reason = cleanLine(ask.fields.get(`reason-${card.id}`) ?? '');
    const error = reason === '' ? 'reason' : reason.length > LONGEST_REASON ? 'reason_long' : null;
    if (error !== null) {
      ask.reply.code(400);
      return documentText(ask, reading, {
        id: card.id,
        error: say(`papers:reading.error.${error}`, { most: LONGEST_REASON }),
        typed: reason,
      });
    }
    await deps.change((tx) => rejectProposals(tx, insurer, { quotes, reason }, change));
    return onwardTo(onwardSaying(ask, deskPath('documenten', document.key), 'rejected'), nextOf(reading, card));
  }
  const scope = scopeIn(document, ask.fields.get('scope'));
  if (scope === null || reading.words === null) {
    ask.reply.code(400);
    return documentText(ask, reading, null);
  }
  const { text } = reading.words;
  const accepted = { document, insurer, joined: card.joined, scope, text };
  const form = entryForm(ask.reply.server);
  const outcome = await deps
    .change((tx) => acceptProposals(tx, accepted, change))
    .catch((error: unknown) => {
      if (error instanceof ProposalInTheWay) return error;
      throw error;
    });
  if (outcome instanceof ProposalInTheWay) {
    ask.reply.code(409);
    const { editionId, id } = outcome.entry;
    return documentText(ask, reading, { id: card.id, title: outcome.title, path: form?.(editionId, id) ?? null });
  }
  const { editionId, entryId, isNew } = outcome;
  // Without a subject there is no date yet: it is chosen in the form.
  if ((act === 'adjust' || lacksSubject(card)) && form !== null) return { onward: form(editionId, entryId) };
  return onwardTo(onwardSaying(ask, deskPath('documenten', document.key), isNew ? 'accepted' : 'there'), nextOf(reading, card));
}

async function takeMention(ask: EditorAsk & FormAsk, deps: Deps, { document, words }: Reading): Promise<Onward | null> {
  const mention = words?.extraction.mentions[Number(ask.fields.get('mention'))];
  const scope = scopeIn(document, ask.fields.get('scope'));
  if (words === null || mention === undefined || scope === null) return null;
  return draftMention(ask, deps, mention, { document, insurer: insurerOf(document), scope, text: words.text });
}

const LONGEST_REASON = 500;

/** The year and kind of care that a button names, of those that the document is for. */
function scopeIn({ scopes }: DeskDocument, text: string | null): DocumentScope | null {
  return scopes.find(({ careType, contractYear }) => `${contractYear}/${careType}` === text) ?? null;
}

/** The next card that waits for a decision; null where none does. */
function nextOf({ cards }: Reading, card: Card): Card | null {
  const at = cards.indexOf(card);
  return [...cards.slice(at + 1), ...cards.slice(0, at)].find(isOpen) ?? null;
}

const onwardTo = ({ onward }: Onward, card: Card | null): Onward => ({
  onward: `${onward}#${card === null ? 'voorstellen' : `kaart-${card.id}`}`,
});
