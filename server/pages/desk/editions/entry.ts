/** The form of an entry: it is saved however far it is written, and who saves on top of somebody else's text is shown both. */
import { AppError } from '../../../../calendars/errors.ts';
import { addEntry, saveEntry, type EditionEntry } from '../../../../db/registry/editions/drafts.ts';
import { StaleDraft } from '../../../../db/registry/editions/stale.ts';
import { listRevisions } from '../../../../db/registry/deadlines.ts';
import type { App, Deps } from '../../../deps.ts';
import type { FormAsk } from '../../forms.ts';
import type { PageText } from '../../layout.ts';
import type { Onward } from '../../page.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying } from '../../session/said.ts';
import { deskPath, personOf, say } from '../frame.ts';
import { readFacts, type EditionFacts } from './facts.ts';
import { entryText, type Opened } from './form/entry-text.ts';
import { fieldsOfEntry, inputIn, settled, type Ground } from './form/entry-fields.ts';
import { differencesOf, merged } from './form/merging.ts';
import { beginningOf, type Beginning } from './form/presets.ts';

const NEW = '/redactie/edities/:id/nieuw';
const PATH = '/redactie/edities/:id/:entry';

export function entryPages(app: App, deps: Deps): void {
  serveEditorPage(app, deps, NEW, async (ask) => {
    const facts = await factsOf(ask, deps);
    if (facts?.edition.status !== 'draft') return null;
    const beginning = beginningOf(new URL(ask.request.url, deps.publicUrl).searchParams, facts);
    if (beginning === null) return null;
    const there = facts.entries.find(({ entry }) => entry.deadlineId !== null && entry.deadlineId === beginning.deadlineId);
    if (there) return { onward: deskPath('edities', facts.edition.id, there.entry.id) };
    return entryText(ask, deps, facts, await opened(deps, facts, beginning));
  });
  takeEditorForm(app, deps, NEW, async (ask) => {
    const facts = await factsOf(ask, deps);
    return facts && saved(ask, deps, facts, null);
  });
  serveEditorPage(app, deps, PATH, async (ask) => {
    const facts = await factsOf(ask, deps);
    const one = facts?.entries.find(({ entry }) => entry.id === entryIdOf(ask));
    return facts && one ? entryText(ask, deps, facts, await opened(deps, facts, one.entry)) : null;
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const facts = await factsOf(ask, deps);
    const one = facts?.entries.find(({ entry }) => entry.id === entryIdOf(ask));
    if (!facts) return null;
    return one ? saved(ask, deps, facts, one.entry) : removed(ask, deps, facts);
  });
}

const factsOf = async ({ request }: EditorAsk, deps: Deps) => readFacts(deps, (request.params as { id: string }).id);
const entryIdOf = ({ request }: EditorAsk) => (request.params as { entry: string }).entry;

/** An entry with what it was written on top of, as its form begins. */
async function opened(deps: Deps, facts: EditionFacts, entry: Beginning | EditionEntry): Promise<Opened> {
  const ground = await groundOf(deps, facts, entry);
  return { entry, ground, fields: fieldsOfEntry(entry, ground) };
}

async function groundOf(deps: Deps, { current, insurer }: EditionFacts, { act, baseRevision, deadlineId }: Beginning): Promise<Ground> {
  const standing = current.find(({ id }) => id === deadlineId) ?? null;
  const isRead = standing === null || baseRevision === null || standing.revision === baseRevision;
  const base = isRead ? standing : (await listRevisions(deps.read, standing.id)).find(({ revision }) => revision === baseRevision);
  return { act, base: base ?? standing, documents: insurer?.documents ?? [] };
}

/** What the form of an entry that is not stored says that it is. */
function beginningIn({ fields }: FormAsk): Beginning {
  const act = (['amend', 'withdraw'] as const).find((one) => one === fields.get('act')) ?? 'enter';
  const base = Number(fields.get('base'));
  const deadlineId = act === 'enter' ? null : fields.get('deadline');
  const blank = { activity: null, content: {}, reason: null, requirementKey: null, slot: null };
  return { ...blank, act, deadlineId, baseRevision: act === 'enter' || !Number.isInteger(base) ? null : base };
}

async function saved(ask: EditorAsk & FormAsk, deps: Deps, facts: EditionFacts, stored: EditionEntry | null): Promise<PageText | Onward> {
  const { edition } = facts;
  const by = personOf(ask);
  const entry = stored ?? beginningIn(ask);
  const version = Number(ask.fields.get('version'));
  // What was typed was written on top of what the form named.
  const base = stored === null ? entry.baseRevision : Number(ask.fields.get('base')) || stored.baseRevision;
  const ground = await groundOf(deps, facts, { ...entry, baseRevision: base });
  const isTheirs = stored !== null && stored.version === version;
  const fields = isTheirs ? merged(ask.fields, fieldsOfEntry(stored, ground)) : ask.fields;
  const seen = Number(fields.get('seen')) || base;
  const { act, deadlineId } = entry;
  const kept = stored === null ? {} : { documentKey: stored.documentKey, proposal: stored.proposal };
  const input = { act, deadlineId, baseRevision: seen, ...kept, ...inputIn(fields, ground) };
  const home = deskPath('edities', edition.id);
  const onward = (id: string) => (ask.fields.has('back') ? onwardSaying(ask, home, 'entry') : onwardSaying(ask, `${home}/${id}`, 'saved'));
  try {
    if (stored !== null) await deps.change((tx) => saveEntry(tx, { id: stored.id, version, by }, input, deps.clock()));
    else {
      const added = await deps.change((tx) => addEntry(tx, edition.id, { ...input, by }, deps.clock()));
      // Somebody else began one about the same deadline.
      if (!added.isNew) return await both(ask, deps, { ...facts, edition }, added.entry);
      return onward(added.entry.id);
    }
  } catch (error) {
    if (error instanceof StaleDraft) {
      const theirs = error.theirs as EditionEntry | null;
      return theirs === null ? await removed(ask, deps, facts) : both(ask, deps, facts, theirs);
    }
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    ask.reply.code(409);
    return entryText(ask, deps, facts, { entry, ground, fields: ask.fields, caution: say('edition:error.closed'), isClosed: true });
  }
  return onward(stored.id);
}

/** Both texts, part by part: what was typed stays, and saving it again is on top of what the other wrote. */
async function both(ask: EditorAsk & FormAsk, deps: Deps, facts: EditionFacts, theirs: EditionEntry): Promise<PageText> {
  ask.reply.code(409);
  const ground = await groundOf(deps, facts, theirs);
  const mine = settled(ask.fields, ground);
  const differences = differencesOf(mine, fieldsOfEntry(theirs, ground), ask.fields.get('was') ?? '');
  return entryText(ask, deps, facts, { entry: theirs, ground, fields: mine, differences });
}

/** Somebody took it out of the edition: what was typed stays, and saving adds it again. */
async function removed(ask: EditorAsk & FormAsk, deps: Deps, facts: EditionFacts): Promise<PageText> {
  ask.reply.code(409);
  const entry = beginningIn(ask);
  const ground = await groundOf(deps, facts, entry);
  const isClosed = facts.edition.status !== 'draft';
  const caution = say(isClosed ? 'edition:error.closed' : 'edition:error.removed');
  return entryText(ask, deps, facts, { entry, ground, fields: settled(ask.fields, ground), caution, isClosed });
}
