/** What the registry says of an insurer, to be changed: a form for a new one, and one for each that there is. */
import { amsterdamYear } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { addInsurer, editInsurer, getInsurer, insurerMark, listInsurers } from '../../../../db/registry/insurers.ts';
import { boughtIn, projectTimelineOf, renewTimelines } from '../../../../db/registry/timelines.ts';
import type { Insurer } from '../../../../db/schema/schema.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { facesOf, insurerFields, rowsNow } from './fields.ts';
import {
  cardOf,
  faultsIn,
  MOST_CONTACTS,
  NO_CONTACT,
  NO_INSURER,
  slugOf,
  typedBy,
  typedIn,
  type Faults,
  type TypedInsurer,
} from './typed.ts';
import { insurerWays } from './ways.ts';

const NEW = deskPath('verzekeraars', 'nieuw');
const ONE = deskPath('verzekeraars', ':slug', 'gegevens');

export function insurerFormPages(app: App, deps: Deps): void {
  serveEditorPage(app, deps, NEW, async (ask) => newText(ask, { typed: NO_INSURER, faults: {} }));
  takeEditorForm(app, deps, NEW, async (ask) => takeNew(ask, deps));
  serveEditorPage(app, deps, ONE, async (ask) => {
    const insurer = await findInsurer(deps.read, ask);
    return insurer && oneText(ask, insurer, { typed: typedBy(insurer), faults: {} });
  });
  takeEditorForm(app, deps, ONE, async (ask) => takeChange(ask, deps));
}

interface Shown {
  typed: TypedInsurer;
  faults: Faults;
  /** Somebody else changed it meanwhile: what stands there now is shown beside it. */
  isStale?: boolean;
}

type FormAsk = EditorAsk & { fields: URLSearchParams };

async function takeNew(ask: FormAsk, { change, clock }: Deps) {
  const { faults, typed } = read(ask);
  if (wantsRoom(ask)) return newText(ask, { typed: withRoom(typed), faults: {} });
  const refuse = (faults: Faults) => {
    ask.reply.code(400);
    return newText(ask, { typed, faults });
  };
  const slug = slugOf(typed.name);
  if (slug === null || Object.keys(faults).length > 0) return refuse(faults);
  const now = clock();
  try {
    await change(async (tx) => {
      await addInsurer(tx, slug, cardOf(typed), { by: personOf(ask), now });
      const insurer = (await listInsurers(tx)).find((one) => one.slug === slug)!;
      for (const year of boughtIn(amsterdamYear(now))) await projectTimelineOf(tx, insurer, year, now);
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    return refuse({ name: say('papers:insurer.error.name_taken') });
  }
  return onwardSaying(ask, deskPath('verzekeraars', slug, 'gegevens'), 'added');
}

async function takeChange(ask: FormAsk, deps: Deps) {
  const insurer = await findInsurer(deps.read, ask);
  if (insurer === null) return null;
  const { faults, typed } = read(ask);
  if (wantsRoom(ask)) return oneText(ask, insurer, { typed: withRoom(typed), faults: {} });
  if (Object.keys(faults).length > 0) {
    ask.reply.code(400);
    return oneText(ask, insurer, { typed, faults });
  }
  const now = deps.clock();
  try {
    await deps.change(async (tx) => {
      await editInsurer(tx, insurer.slug, cardOf(typed), { by: personOf(ask), now, seen: ask.fields.get('seen') ?? '' });
      // Of what is only assumed the words may rest on what it is.
      await renewTimelines(tx, [insurer.slug], now, { isSilent: true });
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'stale') throw error;
    ask.reply.code(409);
    const stored = await findInsurer(deps.read, ask);
    return stored && oneText(ask, stored, { typed, faults: {}, isStale: true });
  }
  return onwardSaying(ask, deskPath('verzekeraars', insurer.slug, 'gegevens'), 'saved');
}

async function findInsurer(db: ReadDb, { request }: EditorAsk): Promise<Insurer | null> {
  const { slug } = request.params as { slug: string };
  try {
    const { documents: _, ...insurer } = await getInsurer(db, slug);
    return insurer;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

function read({ fields }: FormAsk): { typed: TypedInsurer; faults: Faults } {
  const typed = typedIn(fields);
  return { typed, faults: faultsIn(typed) };
}

/** Which button was pressed: one adds the fields of another contact, and keeps nothing. */
const wantsRoom = ({ fields }: FormAsk) => fields.get('doe') === 'contact';

function withRoom(typed: TypedInsurer): TypedInsurer {
  return typed.contacts.length < MOST_CONTACTS ? { ...typed, contacts: [...typed.contacts, NO_CONTACT] } : typed;
}

function newText(ask: EditorAsk, { faults, typed }: Shown): PageText {
  const form = insurerFields(typed, faults, say('papers:insurer.add_button'));
  const content = html`${errorSummary(facesOf(typed, faults), 'nl')} ${deskForm(ask, NEW, form)}`;
  return deskText(ask, { page: 'verzekeraars', title: say('papers:insurer.new'), lead: say('papers:insurer.new_lead'), content });
}

function oneText(ask: EditorAsk, insurer: Insurer, { faults, isStale = false, typed }: Shown): PageText {
  const { name, slug } = insurer;
  const said = saidOf(ask, ['added', 'saved'] as const);
  // What is shown is what is changed: after another's change that is what the other wrote.
  const seen = html`<input
    type="hidden"
    name="seen"
    value="${isStale || !('fields' in ask) ? insurerMark(insurer) : seenBy(ask as FormAsk)}"
  />`;
  const form = html`${seen} ${insurerFields(typed, faults, say('papers:insurer.button'))}`;
  const content = html`${insurerWays(ask, { slug, name }, 'card')} ${said === null ? '' : notice(saidWords(ask, slug, said), 'status')}
  ${errorSummary(facesOf(typed, faults), 'nl')} ${isStale ? nowView(insurer, typed) : ''}
  ${deskForm(ask, deskPath('verzekeraars', slug, 'gegevens'), form)}`;
  const title = say('papers:insurer.title', { insurer: name });
  return deskText(ask, { page: 'verzekeraars', title, lead: say('papers:insurer.lead'), content });
}

/** What was done; after a new one the way on to its policy. */
function saidWords(ask: EditorAsk, slug: string, said: 'added' | 'saved'): SafeHtml | string {
  if (said === 'saved') return say('papers:insurer.saved');
  const address = `${pageAddress(ask, deskPath('documenten', 'nieuw'))}?verzekeraar=${slug}`;
  return html`${say('papers:insurer.added')} <a href="${address}">${say('papers:insurer.to_policy')}</a>`;
}

const seenBy = ({ fields }: FormAsk) => fields.get('seen') ?? '';

/** What stands there now, where that is not what was typed. */
function nowView(insurer: Insurer, typed: TypedInsurer): SafeHtml {
  return html`<section class="notice caution" role="alert" aria-labelledby="now">
    <p>${say('papers:insurer.stale')}</p>
    <h2 id="now">${say('papers:insurer.now')}</h2>
    ${rowsNow(typedBy(insurer), typed)}
  </section>`;
}
