/** A document that is handed in: a file, a text that is pasted, or an address with its day. It is read before it is kept. */
import { compareNames } from '../../../../calendars/collation.ts';
import { amsterdamYear } from '../../../../calendars/days.ts';
import { addScope, documentHash, findSameFile, keepDocument, type HandedIn } from '../../../../db/registry/documents/keeping.ts';
import { insurerNames } from '../../../../db/registry/insurers.ts';
import type { App, Deps } from '../../../deps.ts';
import { MOST_BYTES } from '../../../documents/read-document.ts';
import { html } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying } from '../../session/said.ts';
import type { FormAsk } from '../../forms.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { SECTOR } from '../shelf.ts';
import { documentFields, facesOf } from './fields.ts';
import { openSent, sentIn } from './opening.ts';
import { cardOf, documentFaults, scopeOf, typedIn, type Faults, type TypedDocument } from './typed.ts';

const PATH = deskPath('documenten', 'nieuw');
/** A text that is pasted is a field, and so is all else. */
const ROOM_FOR_FIELDS = 2 ** 20;

export function addDocumentPage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, PATH, async (ask) => {
    const asked = new URL(ask.request.url, deps.publicUrl).searchParams.get('verzekeraar') ?? '';
    const insurers = await choicesIn(deps);
    const insurer = insurers.some(({ value }) => value === asked) ? asked : '';
    const contractYear = String(amsterdamYear(deps.clock()) + 1);
    return addText(ask, insurers, { typed: { ...typedIn(new URLSearchParams()), insurer, contractYear }, faults: {} });
  });
  takeEditorForm(app, deps, PATH, async (ask) => takeDocument(ask, deps), { file: { mostBytes: MOST_BYTES + ROOM_FOR_FIELDS } });
}

interface Shown {
  typed: TypedDocument;
  faults: Faults;
}

type Choices = readonly { value: string; label: string }[];

async function takeDocument(ask: EditorAsk & FormAsk, deps: Deps) {
  const typed = typedIn(ask.fields);
  const sent = sentIn(ask, typed.text);
  const insurers = await choicesIn(deps);
  const refuse = (faults: Faults) => {
    ask.reply.code(400);
    return addText(ask, insurers, { typed, faults });
  };
  const faults = {
    ...documentFaults(
      typed,
      insurers.map(({ value }) => value),
      sent === null,
    ),
    ...(sent !== null && 'fault' in sent ? { [sent.field]: sent.fault } : {}),
  };
  if (Object.keys(faults).length > 0 || (sent !== null && 'fault' in sent)) return refuse(faults);
  const insurer = typed.insurer === SECTOR ? null : typed.insurer;
  // What is there already need not be read again.
  const same = sent === null ? null : await findSameFile(deps.read, insurer, documentHash(sent.bytes));
  if (same !== null) {
    await deps.change((tx) => addScope(tx, same, scopeOf(typed)));
    return onwardSaying(ask, deskPath('documenten', same), 'same');
  }
  const file = sent === null ? null : await openSent(sent);
  if (file !== null && 'fault' in file) return refuse({ [file.field]: file.fault });
  const { isNew, key } = await keep(ask, deps, { typed, insurer, file });
  return onwardSaying(ask, deskPath('documenten', key), isNew ? 'added' : 'same');
}

async function keep(
  ask: EditorAsk,
  { change, clock }: Deps,
  { file, insurer, typed }: { typed: TypedDocument; insurer: string | null; file: HandedIn | null },
) {
  const document = { insurer, card: cardOf(typed), scope: scopeOf(typed), file };
  return change((tx) => keepDocument(tx, document, { by: personOf(ask), now: clock() }));
}

/** The insurers by name, and the sector last. */
async function choicesIn({ read }: Pick<Deps, 'read'>): Promise<Choices> {
  const insurers = [...(await insurerNames(read))].map(([value, label]) => ({ value, label }));
  return [...insurers.sort((a, b) => compareNames(a.label, b.label, 'nl')), { value: SECTOR, label: say('desk:work.sector') }];
}

function addText(ask: EditorAsk, insurers: Choices, { faults, typed }: Shown): PageText {
  const form = html`${documentFields(typed, faults, insurers)} ${button(say('papers:document.button'), 'primary')}`;
  const content = html`${errorSummary(facesOf(faults), 'nl')} ${deskForm(ask, PATH, form, 'with a file')}`;
  return deskText(ask, { page: 'documenten', title: say('papers:document.new'), lead: say('papers:document.new_lead'), content });
}
