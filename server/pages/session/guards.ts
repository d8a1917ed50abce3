/** Pages for who is signed in: one's own, those of an organisation for its members, and the registry's for editors. Everybody else is led to sign in, or finds nothing. */
import type { FastifyRequest } from 'fastify';
import { getOrganisation, type OrganisationWithRelations } from '../../../db/organisations/organisations.ts';
import { roleOf } from '../../../db/people/members.ts';
import type { MemberRole } from '../../../db/schema/schema.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { foreignText, takeForm, type FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type Download, type Onward, type PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { signInPath } from './onward.ts';
import { keptFormText } from './resend.ts';
import { isOfSession, type SignedIn } from './session.ts';

/** What a page of one's own is asked with. */
export interface PersonalAsk extends PageAsk {
  signedIn: SignedIn;
}

/** What a page of an organisation is asked with, by one of its members. */
export interface MemberAsk extends PersonalAsk {
  organisation: OrganisationWithRelations;
  role: MemberRole;
}

/** What a page of the registry is asked with, by one of its editors. */
export interface EditorAsk extends PersonalAsk {
  /** The name beside what the editor changes. */
  label: string;
}

type Answer = Promise<PageText | Onward | Download | null>;
type PageDeps = Pick<Deps, 'cache' | 'clock' | 'publicUrl' | 'read'>;

/** `fresh`: only after a sign-in of the last half hour, for what is dangerous. `by`: for which members; a reader is told that managers may. */
export interface GuardOptions {
  fresh?: boolean;
  by?: 'manager' | 'everybody';
}

/** Serves a page of one's own. */
export function servePersonalPage(
  app: App,
  deps: PageDeps,
  path: string,
  make: (ask: PersonalAsk) => Answer,
  options: Pick<GuardOptions, 'fresh'> = {},
): void {
  servePage(app, deps, path, async (ask) => asPerson(ask, options, make));
}

/** Takes a form of one's own: as `takeForm` does, and only with the field that `sessionField` gives. */
export function takePersonalForm(
  app: App,
  deps: Pick<Deps, 'publicUrl'>,
  path: string,
  take: (ask: PersonalAsk & FormAsk) => Answer,
  options: Pick<GuardOptions, 'fresh'> = {},
): void {
  takeForm(app, deps, path, async (ask) => asPerson(ask, options, async (mine) => (isOwn(mine) ? take(mine) : otherSessionText(mine))));
}

/** Serves a page of the organisation that `:id` in the path names, to its members. To everybody else it is as one that does not exist. */
export function serveMemberPage(
  app: App,
  deps: PageDeps,
  path: string,
  make: (ask: MemberAsk) => Answer,
  { by = 'everybody', fresh = false }: GuardOptions = {},
): void {
  servePage(app, deps, path, async (ask) => asPerson(ask, { fresh: false }, async (mine) => asMember(mine, deps, { by, fresh }, make)));
}

/** Takes a form of an organisation's page: from its managers, unless everybody may. */
export function takeMemberForm(
  app: App,
  deps: Pick<Deps, 'publicUrl' | 'read'>,
  path: string,
  take: (ask: MemberAsk & FormAsk) => Answer,
  { by = 'manager', fresh = false }: GuardOptions = {},
): void {
  takeForm(app, deps, path, async (ask) =>
    asPerson(ask, { fresh: false }, async (mine) => (isOwn(mine) ? asMember(mine, deps, { by, fresh }, take) : otherSessionText(mine))),
  );
}

/** Editors read Dutch: what they write is. */
const DUTCH = { languages: ['nl'] } as const;

/** Serves a page for editors, in Dutch alone. To everybody else it is as one that does not exist. */
export function serveEditorPage(app: App, deps: PageDeps, path: string, make: (ask: EditorAsk) => Answer): void {
  servePage(app, deps, path, async (ask) => asPerson(ask, {}, async (mine) => asEditor(mine, make)), DUTCH);
}

/** Takes a form of an editor's page; `file`: with a file in it, which is taken from editors alone, and so many bytes of it at most. */
export function takeEditorForm(
  app: App,
  deps: Pick<Deps, 'publicUrl'>,
  path: string,
  take: (ask: EditorAsk & FormAsk) => Answer,
  { file }: { file?: { mostBytes: number } } = {},
): void {
  const taken = async (ask: PersonalAsk & FormAsk) => (isOwn(ask) ? asEditor(ask, take) : otherSessionText(ask));
  const options = file === undefined ? DUTCH : { ...DUTCH, file: { ...file, isReadFrom: isEditor } };
  takeForm(app, deps, path, async (ask) => asPerson(ask, {}, taken), options);
}

const isEditor = ({ signedIn }: FastifyRequest) => signedIn !== null && signedIn.session.editorLabel !== null;

async function asEditor<A extends PersonalAsk>(ask: A, answer: (ask: A & EditorAsk) => Answer): Answer {
  const label = ask.signedIn.session.editorLabel;
  return label === null ? null : answer({ ...ask, label });
}

/**
 * Where who signed in longer ago is led before what is dangerous is done, as `fresh` does for a whole form, or the page that keeps what was typed;
 * null for who may go on.
 */
export function freshFirst(ask: PersonalAsk): PageText | Onward | null {
  if (ask.signedIn.session.isFresh) return null;
  return keptFormText(ask, 'not_fresh') ?? { onward: signInPath(ask, { again: true }) };
}

/** What stands above a form that asks for a fresh sign-in, so that nobody fills it in in vain. */
export function freshNote({ language, signedIn }: PersonalAsk): SafeHtml | '' {
  return signedIn.session.isFresh ? '' : html`<p>${wordsIn(language)('room:fresh')}</p>`;
}

const isOwn = ({ fields, signedIn }: PersonalAsk & FormAsk) => isOfSession(fields, signedIn);

/** What a form without the session's field gets: what was typed to look at, since it came from a page of ours, as `takeForm` has seen. */
const otherSessionText = (ask: PersonalAsk): PageText => keptFormText(ask, 'other_session') ?? foreignText(ask);

async function asPerson<A extends PageAsk>(
  ask: A,
  { fresh = false }: Pick<GuardOptions, 'fresh'>,
  answer: (ask: A & PersonalAsk) => Answer,
): Answer {
  const { signedIn } = ask.request;
  ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  if (signedIn === null) return keptFormText(ask, 'signed_out') ?? { onward: signInPath(ask) };
  const mine = { ...ask, signedIn };
  return (fresh ? freshFirst(mine) : null) ?? answer(mine);
}

async function asMember<A extends PersonalAsk>(
  ask: A,
  { read }: Pick<Deps, 'read'>,
  { by, fresh }: Required<GuardOptions>,
  answer: (ask: A & MemberAsk) => Answer,
): Answer {
  const { request, signedIn } = ask;
  const { id } = request.params as { id: string };
  // Of what is no id at all no database is asked: not each takes any text.
  const role = UUID.test(id) ? await roleOf(read, signedIn.session.person.id, id) : null;
  if (role === null) return null;
  if (by === 'manager' && role !== 'manager') return managersOnlyText(ask);
  return (fresh ? freshFirst(ask) : null) ?? answer({ ...ask, organisation: await getOrganisation(read, id), role });
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What a reader is told who asks for what only managers may do. */
export function managersOnlyText(ask: PersonalAsk): PageText {
  const say = wordsIn(ask.language);
  const { id } = ask.request.params as { id: string };
  const title = say('account:managers_only.title');
  ask.reply.code(403);
  const content = html`<h1>${title}</h1>
    <p>${say('account:managers_only.text')}</p>
    <p>${buttonLink(pageAddress(ask, `/o/${id}/leden`), say('account:managers_only.who'))}</p>`;
  return { title, content };
}
