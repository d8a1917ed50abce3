/** What every mail carries, whatever its kind: one table. */
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../db/sending/composing.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../../db/schema/schema.ts';
import { composeMail, type MailSettings } from '../../../jobs/mails/compose.ts';
import { draftOf, ID, itemOf, MESSAGE, plainOf, RECIPIENT, render } from '../../helpers/drafts.ts';
import { changed, DRAFTS } from '../../helpers/every-mail.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { MONDAY } from '../../helpers/reminders.ts';

const THREAD = `<${ID}.${RECIPIENT.id}@inkoop.example>`;
const LEAVES = expect.stringMatching(/^<https:\/\/inkoop\.example\/unsubscribe\/[\w:.-]+>$/);
const STOPS = expect.stringMatching(/^<https:\/\/inkoop\.example\/leave\/[\w:.-]+>$/);

/** By kind: the thread it is in, and where its reader leaves. Who is only asked is on no list, and in no thread. */
const CARRIED: Record<MessageKind, { thread: string | undefined; leaves: boolean }> = {
  confirmation: { thread: undefined, leaves: false },
  deputy_confirmation: { thread: undefined, leaves: false },
  welcome: { thread: undefined, leaves: true },
  reminder: { thread: THREAD, leaves: true },
  change: { thread: THREAD, leaves: true },
  escalation: { thread: THREAD, leaves: true },
  acts: { thread: THREAD, leaves: true },
  unreminded: { thread: undefined, leaves: true },
  undeliverable: { thread: undefined, leaves: true },
  deputy_undeliverable: { thread: undefined, leaves: true },
  partly_undeliverable: { thread: undefined, leaves: true },
  trial: { thread: undefined, leaves: true },
};

const CASES = MESSAGE_KINDS.flatMap((kind) => (['nl', 'en'] as const).map((language) => [kind, language] as const));
const DEPUTY = { ...RECIPIENT, deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' };

async function headersOf(draft: Draft) {
  const mail = await render(draft);
  const valueOf = (name: string) => {
    const values = mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
    return values.length > 1 ? values : values[0];
  };
  return { ...mail, valueOf };
}

const wordsOf = (body: string) =>
  body
    .replaceAll(/https?:\S+/g, ' ')
    .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim();

describe('every mail', () => {
  it.each(MESSAGE_KINDS)('of kind %s is answered to REPLY_TO where there is one, else to its sender', (kind) => {
    const draft = draftOf([], { ...DRAFTS[kind], kind });
    const answeredTo = (settings: MailSettings) =>
      /^Reply-To: .*$/m.exec(composeMail(MESSAGE, draft, settings, MONDAY).raw.toString())?.[0].trim();
    expect(answeredTo({ ...SETTINGS, replyTo: 'vragen@inkoop.example' })).toBe('Reply-To: vragen@inkoop.example');
    expect(answeredTo(SETTINGS)).toBeUndefined();
  });

  it.each(CASES)('of kind %s carries in %s what mail programs ask for, each once', async (kind, language) => {
    const draft = draftOf([], { ...DRAFTS[kind], kind, language });
    const { html, raw, subject, text, to, valueOf } = await headersOf(draft);
    const { leaves, thread } = CARRIED[kind];
    expect({
      from: valueOf('from'),
      to: to?.map(({ address }) => address),
      date: valueOf('date'),
      messageId: valueOf('message-id'),
      thread: [valueOf('in-reply-to'), valueOf('references')],
      autoSubmitted: valueOf('auto-submitted'),
      listId: valueOf('list-id'),
      leaves: [valueOf('list-unsubscribe'), valueOf('list-unsubscribe-post')],
      language: valueOf('content-language'),
    }).toEqual({
      from: 'Inkoopkalender <herinnering@inkoop.example>',
      to: [draft.to],
      date: MONDAY.toUTCString().replace('GMT', '+0000'),
      messageId: `<${MESSAGE.id}@inkoop.example>`,
      thread: [thread, thread],
      autoSubmitted: 'auto-generated',
      listId: 'Inkoopkalender <reminders.inkoop.example>',
      leaves: leaves ? [LEAVES, 'List-Unsubscribe=One-Click'] : [undefined, undefined],
      language,
    });
    // The same in words, in both forms, and nothing from anywhere else.
    expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('<meta name="color-scheme" content="light dark" />');
    expect(html).not.toMatch(/<img|<script|<link|<style|\ssrc=|url\(|[^-]color:|background/);
    for (const [, url] of html!.matchAll(/https?:\/\/([^/"\s]+)/g))
      expect(['inkoop.example', 'noord.example', 'portaal.example']).toContain(url!.replace(/<.*/, ''));
    expect(subject!.length).toBeGreaterThan(10);
    expect([text, html, subject].join(' ')).not.toMatch(/undefined|null|NaN|\[object|\{\{|\b(mail|page|common):[a-z]/);
    expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|[\x80-\xff]/);
    expect(
      Math.max(
        ...raw
          .toString('latin1')
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(998);
    expect((await render(draft)).raw.equals(raw)).toBe(true);
  });

  it.each(MESSAGE_KINDS.filter((kind) => CARRIED[kind].leaves && !['welcome', 'deputy_undeliverable'].includes(kind)))(
    'of kind %s lets a deputy stop being one, and nothing else of the recipient’s',
    async (kind) => {
      const draft = draftOf([], { ...DRAFTS[kind], kind, recipient: DEPUTY, to: DEPUTY.deputyEmail, isForDeputy: true });
      const { text, valueOf } = await headersOf(draft);
      expect([valueOf('to'), valueOf('list-unsubscribe'), valueOf('list-unsubscribe-post')]).toEqual([
        'ward@example.org',
        STOPS,
        'List-Unsubscribe=One-Click',
      ]);
      expect(text).toContain('U krijgt deze mail als vervanger van a@example.org');
      expect(text).not.toMatch(/inkoop\.example\/(unsubscribe|mute|confirm)\//);
    },
  );
});

/** As much as the registry lets anybody write, in letters that take most room in a mail. */
const LONG = 'Ωé'.repeat(1000);
const HUGE = {
  title: LONG.slice(0, 300),
  duty: { actors: ['ro' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: LONG },
  sources: Array.from({ length: 20 }, () => ({ document: LONG.slice(0, 300), section: '6.3', quote: LONG, url: null })),
};

describe('a mail of the largest kind', () => {
  it.each(['huge', 'usual'])('is short enough for every mail program: twice two hundred %s deadlines in one', async (size) => {
    const content = size === 'huge' ? HUGE : {};
    // Each of a year of its own: they are told of apart.
    const all = Array.from({ length: 400 }, (_, n) => itemOf(content, { contractYear: 2025 + n, uid: `${n}` }));
    const moved = changed({}, { lastSafeOn: '2024-10-08', dueOn: '2024-10-08', ...content });
    const drafts = [
      draftOf(all, { next: all.slice(0, 5) }),
      draftOf([], { kind: 'change', changes: all.map(() => moved) }),
      draftOf([], { kind: 'escalation', undone: all.map((item) => ({ item, organisation: { id: 'ro', name: 'Regio Zuid' } })) }),
      draftOf([], { kind: 'welcome', next: all }),
    ];
    for (const draft of drafts) {
      const { html, raw, subject, text } = await render(draft);
      expect(raw.length).toBeLessThan(100_000);
      expect(raw.length).toBeGreaterThan(30_000);
      if (draft.kind !== 'welcome') expect(subject).toMatch(/en 399 andere$/);
      expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
      // What does not stand in it is counted.
      const rows = text!.match(
        /^(- |== (?!Ook |De volgende|Verschoven: )\S.* ==$|-- \S.* --$|Zorg en Zekerheid: was |Daarna komt )/gm,
      )!.length;
      const leftOut = [...text!.matchAll(/(?:zijn|En) nog (\d+) (?:deadlines die|andere)/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
      expect(rows + leftOut).toBe(draft.kind === 'reminder' ? 405 : 400);
      expect(text).toContain(`${SETTINGS.publicUrl}/unsubscribe/`);
    }
  });
});
