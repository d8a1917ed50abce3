import { expect, it, onTestFailed } from 'vitest';
import type { AddressInfo } from 'node:net';
import { complete } from '../../../db/organisations/completions.ts';
import { addStep, completeStep } from '../../../db/organisations/steps/steps.ts';
import { buryMessage } from '../../../db/messages/dead-letters.ts';
import { inviteToEnrol } from '../../../db/people/invitations.ts';
import { appoint } from '../../../db/recipients/deputies.ts';
import { addKey, createKey, findHolder } from '../../../db/organisations/keys.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import { queueMessage } from '../../../db/messages/messages.ts';
import { BY_OPERATOR } from '../../../db/registry/audit.ts';
import { makePurchaserLink } from '../../../db/registry/purchasers/links.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { addRecipient } from '../../../db/recipients/recipients.ts';
import { declineSubject, deputySubject, digestsOf, signLink, type LinkPurpose } from '../../../db/store/secrets.ts';
import type { Store } from '../../../db/store/store.ts';
import { appFor, EDITOR_KEY } from '../../helpers/app.ts';
import { addDeadline, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { askRaw, requestBytes, type RawAnswer } from '../../helpers/raw-http.ts';
import { onSqlite } from '../../helpers/stores.ts';

const SECRET = 'a secret that only the tests know, 32+';

/** What may stand where a body does: its header lines, and its bytes. */
const BODIES: Record<string, [headers: string[], bytes: string]> = {
  'no body': [[], ''],
  'a length of 0': [['content-length: 0'], ''],
  '{}': [['content-length: 2'], '{}'],
  'no chunk': [['transfer-encoding: chunked'], '0\r\n\r\n'],
};
const TYPES = [null, 'application/json', 'application/x-www-form-urlencoded', 'text/odd'];
/** Asked everywhere, beside those that a route has: where there is none for it, a body may come all the same. */
const METHODS = ['OPTIONS', 'POST', 'DELETE'];
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** An organisation with all that a path can name: what each part of a path stands for, by its name. */
async function makeOwner(store: Store, deadlineId: string) {
  return store.write(async (tx) => {
    const { id, key } = await addOrganisation(tx);
    const step = await addStep(tx, id, { title: 'Concept', dueOn: '2024-09-01', deadlineId, ownerId: null }, NOW);
    await completeStep(tx, id, step.id, { completedOn: '2024-04-02', by: 'A' }, NOW);
    await complete(tx, id, deadlineId, { completedOn: '2024-04-02', by: 'A', evidence: null }, NOW);
    const contract = { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-04-01' } as const;
    const event = await recordOwnEvent(tx, id, contract, NOW);
    const feed = await createFeed(tx, id, { label: 'Agenda' }, NOW);
    const email = 'deputy@example.org';
    const recipient = await appoint(
      tx,
      await addRecipient(tx, id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, NOW),
      { email, until: '2024-12-31' },
      NOW,
    );
    const letter = await queueMessage(tx, recipient, 'welcome', NOW);
    await buryMessage(tx, letter.id, 'uncertain');
    const ownKey = await createKey(tx, id, 'Koppeling', NOW);
    // The editors of so many owners have more keys than one may make.
    const editorKey = await findHolder(tx, await addKey(tx, null, 'Redactie', NOW), NOW);
    const about = `${recipient.id}:${deadlineId}`;
    const link = (purpose: LinkPurpose, subject: string) => signLink(SECRET, purpose, subject);
    const ids: Record<string, string> = {
      ':id': id,
      ':slug': 'noord',
      ':jaar': '2025',
      ':deadlineId': deadlineId,
      ':entry': '123e4567-e89b-42d3-a456-426614174000',
      ':documentKey': 'noord-2025-0a1b2c3d4e5f',
      ':changeId': (await getDeadline(tx, deadlineId)).changeId!,
      ':stepId': step.id,
      ':eventId': event.id,
      ':feedId': feed.id,
      ':recipientId': recipient.id,
      ':messageId': letter.id,
      ':editorKeyId': editorKey!.keyId,
      ':keyId': ownKey.id,
      'confirm/:token': link('confirm', recipient.id),
      'unsubscribe/:token': link('unsubscribe', recipient.id),
      'resubscribe/:token': link('unsubscribe', recipient.id),
      'deputy/:token': link('deputy', deputySubject(recipient.id, email)),
      'leave/:token': link('leave', deputySubject(recipient.id, email)),
      'done/:token': link('done', about),
      'reopen/:token': link('done', about),
      'step/:token': link('step', `${recipient.id}:${step.id}`),
      'undo/:token': link('undo', about),
      'mute/:token': link('mute', about),
      'unmute/:token': link('mute', about),
      'decline/:token': link('decline', declineSubject(id, digestsOf(SECRET, email), 'nl')),
      'allow/:token': link('decline', declineSubject(id, digestsOf(SECRET, email), 'nl')),
      ':personId': '123e4567-e89b-42d3-a456-426614174000',
      'inloggen/:token': 'q7Zt0c',
      'aanmelden/:token': 'q7Zt0c',
      ':invitation': (await inviteToEnrol(tx, NOW)).token,
      'uitnodiging/:token': 'q7Zt0c',
      'adres/:token': 'q7Zt0c',
      'inkoper/:token': (await makePurchaserLink(tx, 'noord', { by: BY_OPERATOR, now: NOW })).token,
      'feeds/*': `${feed.token}.ics`,
      'calendars/*': 'noord.ics',
      'assets/:name': 'site.css',
      'static/*': 'index.css',
      'v1*': '',
    };
    return { key, ids };
  });
}

/** A route's address with what exists in place of its parts. Throws for a part that stands for nothing here: whoever adds one adds it above, too. */
function fill(route: string, ids: Record<string, string>): string {
  return route.replace(/(\w+\/?)?(:\w+|\*)/g, (part, before: string = '', name: string) => {
    const value = ids[part] ?? ids[name];
    if (value === undefined) throw new Error(`what stands for ${name} in ${route}?`);
    return before + value;
  });
}

onSqlite('every route', (fresh) => {
  it('answers whatever comes for a body, of whichever type', { timeout: 300_000 }, async () => {
    const store = await fresh();
    await castIn(store);
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
    const { app } = await appFor(store, { secret: SECRET, contact: { email: 'beheer@example.org' } }, { callsPerMinute: 1_000_000 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const unanswered = new Set<string>();
    onTestFailed(() => console.error(`unanswered: ${[...unanswered].join('\n')}`));

    const ask = async (name: string, bytes: string): Promise<RawAnswer> => {
      unanswered.add(name);
      const answer = await askRaw(port, bytes);
      unanswered.delete(name);
      return answer;
    };
    const reader = await makeOwner(store, deadlineId);
    const askAll = async ({ route, method, exists }: { route: string; method: string; exists: boolean }) => {
      let owner = exists && CHANGES.has(method) ? await makeOwner(store, deadlineId) : reader;
      for (const [what, [headers, body]] of Object.entries(BODIES))
        for (const type of TYPES) {
          const name = `${method} ${route} with ${what} of ${type ?? 'no type'}`;
          const key = route.startsWith('/api/v1/organisations/:id') ? owner.key : EDITOR_KEY;
          const lines = [
            'host: x',
            'sec-fetch-site: same-origin',
            `authorization: Bearer ${key}`,
            ...(type === null ? [] : [`content-type: ${type}`]),
            ...headers,
          ];
          const { status } = await ask(name, requestBytes(`${method} ${fill(route, owner.ids)}`, lines, body));
          // Guards let it in, and what it names is there: else its body would never be looked at.
          const isRefused = status === 401 || status === 403 || (status === 404 && exists);
          expect(isRefused || status >= 500, `${name}: ${status}`).toBe(false);
          // What a call took away is there for the next one.
          if (status < 300 && owner !== reader) owner = await makeOwner(store, deadlineId);
        }
    };
    const asked = [...app.paths].flatMap(([route, methods]) =>
      [...new Set([...METHODS, ...methods])].map((method) => ({ route, method, exists: methods.has(method) })),
    );
    // Fewer at a time than wait to be taken by a server (511): the others would be turned away.
    for (let n = 0; n < asked.length; n += 100) await Promise.all(asked.slice(n, n + 100).map(askAll));
    await app.close();
    expect(asked.length).toBeGreaterThan(200);
  });
});
