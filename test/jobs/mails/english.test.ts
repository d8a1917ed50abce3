/** Who reads English gets no sentence of ours in Dutch: in no calendar of the whole registry, and in no mail. What people typed says that it is Dutch. */
import { upperFirst } from '../../../calendars/letter-case.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amsterdamMoment } from '../../../calendars/days.ts';
import { RELATION_STATUSES, ROLES } from '../../../calendars/terms.ts';
import { allDeadlines } from '../../../db/registry/deadlines.ts';
import { listInsurers } from '../../../db/registry/insurers.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { Store } from '../../../db/store/store.ts';
import { projectNow } from '../../../jobs/project.ts';
import { prepareStore } from '../../../seeds/prepare.ts';
import type { App } from '../../../server/deps.ts';
import { appFor } from '../../helpers/app.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { draftOf, render } from '../../helpers/drafts.ts';
import { dutchLeftIn, PLANTED, typedIn } from '../../helpers/dutch-words.ts';
import { everyDeadline, MAILS } from '../../helpers/every-mail.ts';

const NOW = amsterdamMoment('2026-11-30', '10:00');

// On SQLite alone: what a calendar says does not hang on the dialect, and the real registry takes seconds to load.
describe('a calendar of the real registry in English', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-english-'));
  let store: Store;
  let app: App;
  let all: Revision[];
  beforeAll(async () => {
    ({ store } = await prepareStore(`file:${join(folder, 'store.sqlite')}`, NOW));
    await projectNow(store, NOW);
    ({ app } = await appFor(store, { clock: () => NOW }));
    all = await allDeadlines(store.read, { withdrawnToo: true });
  });
  afterAll(async () => {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const textsAt = async (path: string) => {
    const { rawPayload, statusCode } = await app.inject(path);
    expect(statusCode, path).toBe(200);
    return readCalendar(rawPayload).events.flatMap(({ description, title }) => [title, description]);
  };

  it('of each insurer, and of each choice, says nothing of ours in Dutch', async () => {
    const slugs = (await listInsurers(store.read)).map(({ slug }) => slug);
    const choices = ROLES.flatMap((role) =>
      RELATION_STATUSES.map((status) => `selection.ics?role=${role}&status=${status}&kind=all&lang=en`),
    );
    const paths = [...slugs.map((slug) => `${slug}.ics?lang=en`), ...choices];
    const typed = all.flatMap(typedIn);
    const texts = (await Promise.all(paths.map((path) => textsAt(`/calendars/${path}`)))).flat();
    expect(texts.length).toBeGreaterThan(500);
    expect(
      texts.filter((text) => /(?:Assumed from the planning|For contract year \d+ it was|this was the rule of the NZa)/.test(text)).length,
    ).toBeGreaterThan(50);
    expect([...new Set(texts.flatMap((text) => dutchLeftIn(text, typed)))]).toEqual([]);
  });

  it('is searched in earnest: what is typed is taken out, what is ours is found', () => {
    expect(dutchLeftIn(`Why. ${PLANTED}`, ['Zorg en Zekerheid'])).toHaveLength(1);
    expect(dutchLeftIn('Extension (in Dutch): Uitstel is niet mogelijk.', ['Uitstel is niet mogelijk.'])).toEqual([]);
  });
});

describe('a mail in English', () => {
  it.each(Object.keys(MAILS))('of kind %s says nothing of ours in Dutch', async (name) => {
    const draft = draftOf([], { ...MAILS[name], language: 'en' });
    const { subject, text } = await render(draft);
    const reasons = [...draft.changes.map(({ after }) => after.reason), ...draft.acts.map(({ said }) => said?.reason)];
    const titles = [...draft.steps, ...draft.acts].flatMap(({ step }) => step?.title ?? []);
    const names = ['WSV De Wijk', 'Één Zorg', ...titles, ...titles.map(upperFirst), ...reasons.map((reason) => reason ?? '')];
    const typed = [...everyDeadline(draft).flatMap(typedIn), ...names];
    expect(dutchLeftIn(`${subject}\n${text}`, typed)).toEqual([]);
  });
});
