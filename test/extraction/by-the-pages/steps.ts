/** What editors do with a policy, step by step: the insurer, the document, the entries, publishing, and the ten minutes. */
import { answerOf, INSURER, type Entry } from './entries.ts';
import { mailsIn, newMail, visitorAt, waitFor, type Visitor } from './visitor.ts';
import type { World } from './world.ts';
import { adjust, openDraft, proposalFor, proposalsOn, write, type Written } from './writing.ts';

export async function addInsurer(editor: Visitor, name: string): Promise<void> {
  await editor.open('/redactie/verzekeraars');
  await editor.follow('Nieuwe verzekeraar');
  await editor.send('Sla de verzekeraar op', (form) => {
    form.fill('name', name);
    form.fill('contact-0-purpose', 'Vragen over de contractering');
    form.fill('contact-0-phone', '071 582 5441');
  });
  expectOn(editor, 'De verzekeraar staat erin.');
}

/** A regional organisation that has a contract with the insurer, and is to be mailed. */
export async function enrol(url: string, email: string): Promise<void> {
  const visitor = visitorAt(url);
  await visitor.open(`/aanmelden?role=ro&insurer=${INSURER}&status=contracted`);
  await visitor.send('Verder', (form) => {
    form.fill('name', 'Regio Zuid');
    form.fill('email', email);
  });
  await visitor.send('Stuur mij de bevestigingsmail');
  const link = /\/aanmelden\/[\w-]{43}/;
  const mail = await newMail(visitorAt(url), email, link, []);
  await visitor.open(link.exec(mail)![0]);
  await visitor.send('Bevestig de aanmelding');
  expectOn(visitor, 'Uw organisatie is aangemeld');
}

export interface HandedIn {
  title: string;
  version: string;
  publishedOn: string;
  file: string;
  text: string;
}

/** Uploads a document of the insurer, so that its page is open. */
export async function handIn(editor: Visitor, { file, publishedOn, text, title, version }: HandedIn): Promise<void> {
  await editor.open('/redactie/documenten');
  await editor.follow('Nieuw document');
  const fill = (form: ReturnType<Visitor['form']>) => {
    form.fill('insurer', INSURER);
    form.fill('contractYear', '2025');
    form.fill('careType', 'multidisciplinary_care');
    form.fill('title', title);
    form.fill('version', version);
    form.fill('publishedOn', publishedOn);
  };
  await editor.send('Lees het document', fill, { name: file, bytes: new TextEncoder().encode(text) });
  expectOn(editor, 'Het document is gelezen en bewaard.');
}

/** Writes entries one by one: from the proposal of the document that is open where there is one, else by hand. */
export async function writeAll(editor: Visitor, entries: readonly Entry[], document: string): Promise<Written[]> {
  const page = editor.path();
  const written: Written[] = [];
  for (const entry of entries) {
    await editor.open(page);
    const proposal = proposalFor(entry, proposalsOn(editor.page()));
    if (proposal !== null) await adjust(editor, proposal);
    else {
      await openDraft(editor);
      await editor.follow('Voeg een datum toe');
    }
    written.push(await write(editor, entry, { document, proposed: proposal?.quotes.length ?? null }));
  }
  return written;
}

/** The other one publishes what the first one wrote; before that the first one says why it changes what it does. */
export async function publish(
  writer: Visitor,
  other: Visitor,
  { announcedOn, reason }: { announcedOn: string; reason: string },
): Promise<void> {
  await openDraft(writer);
  const path = writer.path();
  if (reason + announcedOn !== '')
    await writer.send('Bewaar de reden', (form) => {
      form.fill('reason', reason);
      form.fill('announcedOn', announcedOn);
    });
  await other.open(path);
  await other.send('Publiceer de editie');
  expectOn(other, 'De editie is gepubliceerd.');
}

interface Publication {
  /** When the ten minutes are over. */
  moment: Date;
  /** How many changes become public. */
  count: number;
  /** What the page of the newest of them says. */
  says: string;
}

/** Until the ten minutes are over nobody can read of it; then it stands among the changes. */
export async function becomePublic({ passUntil, url }: World, { count, moment, says }: Publication): Promise<void> {
  const changes = async () => (await changesAt(url)).size;
  await passUntil(new Date(moment.getTime() - BEFORE_MS));
  const before = await changes();
  await passUntil(moment);
  const after = await waitFor('the edition to become public', async () => {
    const now = await changes();
    return now > before ? now : null;
  });
  if (after !== before + count) throw new Error(`${after - before} changes became public, not ${count}.`);
  const reader = visitorAt(url);
  await reader.open('/wijzigingen');
  await reader.open(/\/wijzigingen\/[\da-f]{8}-[\da-f-]{27}/.exec(reader.page())![0]);
  expectOn(reader, says);
}

/** Who asks on from each mark meets every change once. */
async function changesAt(url: string): Promise<Set<string>> {
  const ids: string[] = [];
  for (let since = '0', hasMore = true; hasMore;) {
    const answer = (await answerOf(`${url}/api/v1/changes?since=${since}`)) as { items: { id: string }[]; mark: string; hasMore: boolean };
    ids.push(...answer.items.map(({ id }) => id));
    ({ hasMore, mark: since } = answer);
  }
  const once = new Set(ids);
  if (once.size < ids.length) throw new Error('A change was told twice.');
  return once;
}

/** Who was told nothing within the ten minutes is mailed after them. */
export async function isMailed({ passUntil, url }: World, reader: string, told: RegExp, moment: Date): Promise<void> {
  const outbox = visitorAt(url);
  const mails = await mailsIn(outbox, reader);
  if (mails.some((mail) => told.test(mail))) throw new Error(`${reader} was told too early.`);
  // News waits ten minutes for more of it.
  await passUntil(new Date(moment.getTime() + NEWS_MS));
  await newMail(outbox, reader, told, mails);
}

const BEFORE_MS = 20_000;
const NEWS_MS = 11 * 60_000;

function expectOn(visitor: Visitor, words: string): void {
  if (!visitor.text().includes(words)) throw new Error(`${visitor.path()} does not say "${words}": ${visitor.text()}`);
}
