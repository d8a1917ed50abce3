/** The mails to people, word for word in both languages. */
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import type { PersonalDraft } from '../../../db/messages/personal-mails.ts';
import type { WorkList } from '../../../db/registry/upkeep/work-list.ts';
import { PERSONAL_KINDS } from '../../../db/schema/schema.ts';
import { composeMail } from '../../../jobs/mails/compose.ts';
import { MESSAGE, plainOf } from '../../helpers/drafts.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { FIREFOX } from '../../helpers/people.ts';
import { MONDAY } from '../../helpers/reminders.ts';

const token = 'TOKEN-of-forty-three-characters-as-they-are';
const TO = 'anna@ro.example';
const common = { to: TO, language: 'nl' as const, askedAt: MONDAY };
const organisation = 'Regio Zuid';

const NOTHING = { policyOf: null, check: 0, unreadable: 0, conflict: 0, assumed: 0, outdated: 0, lost: null };
const WORK: WorkList = {
  insurers: [
    { ...NOTHING, slug: 'noord', name: 'Noord', policyOf: 2027, check: 3, conflict: 1, outdated: 2, lost: { key: 'noord-2026', count: 1 } },
    { ...NOTHING, slug: 'oost', name: 'www.oost.example', check: 1 },
    { ...NOTHING, slug: 'west', name: 'West' },
    { ...NOTHING, slug: null, name: null, assumed: 2 },
  ],
  reports: 1,
  wrong: 1,
  right: 12,
  drafts: 2,
  unseen: 1,
};

const DRAFTS: Record<string, PersonalDraft> = {
  sign_in: { ...common, kind: 'sign_in', code: '7K4MX9', token, browser: FIREFOX },
  sign_in_elsewhere: { ...common, kind: 'sign_in', code: '7K4MX9', token, browser: { browser: 'other', system: 'ios' } },
  no_account: { ...common, kind: 'no_account', browser: FIREFOX },
  enrolment: { ...common, kind: 'enrolment', token },
  member_invitation: { ...common, kind: 'member_invitation', token, organisation, role: 'manager' },
  member_invitation_reader: { ...common, kind: 'member_invitation', token, organisation, role: 'reader' },
  access_request: { ...common, kind: 'access_request', organisation, email: 'bert@elders.example' },
  address_change: { ...common, kind: 'address_change', token, email: 'anna@nieuw.example', isNew: false },
  address_change_new: { ...common, kind: 'address_change', token, email: 'anna@nieuw.example', isNew: true },
  new_address: { ...common, kind: 'new_address', email: 'anna@nieuw.example' },
  work_list: { ...common, kind: 'work_list', work: WORK, audit: { number: 1204, hash: 'a'.repeat(64) } },
};
const CASES = Object.keys(DRAFTS).flatMap((name) => (['nl', 'en'] as const).map((language) => [name, language] as const));

async function render(draft: PersonalDraft) {
  const { raw } = composeMail(MESSAGE, draft, SETTINGS, MONDAY);
  return { raw, ...(await PostalMime.parse(raw)) };
}

describe('a mail to a person', () => {
  it('is pinned for every kind', () => {
    expect([...new Set(Object.values(DRAFTS).map(({ kind }) => kind))]).toEqual([...PERSONAL_KINDS]);
  });

  it.each(CASES)('of kind %s reads in %s as it is pinned', async (name, language) => {
    const { subject, text } = await render({ ...DRAFTS[name]!, language });
    await expect([`subject: ${subject}`, '', text].join('\n')).toMatchFileSnapshot(`pins/personal/${name}.${language}.txt`);
  });

  it.each(CASES)('of kind %s says in %s the same in text and in HTML, and loads nothing', async (name, language) => {
    const { headers, html, text, to } = await render({ ...DRAFTS[name]!, language });
    const wordsOf = (body: string) =>
      body
        .replaceAll(/https?:\S+/g, ' ')
        .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
        .trim();
    expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
    expect(html).not.toMatch(/<img|<script|<link|<style|\ssrc=|background|url\(/);
    expect(to?.map(({ address }) => address)).toEqual([TO]);
    expect(headers.filter(({ key }) => key.startsWith('list-'))).toEqual([]);
  });

  it('has no code in its subject, which a locked telephone shows', async () => {
    expect((await render(DRAFTS.sign_in!)).subject).not.toMatch(/7K4|MX9/);
  });

  it('makes no link of a name that somebody chose', async () => {
    for (const kind of ['member_invitation', 'access_request'] as const) {
      const { html, subject, text } = await render({ ...DRAFTS[kind]!, organisation: 'https://evil.example/x' } as PersonalDraft);
      for (const one of [html, subject, text]) expect(one).not.toMatch(/evil\.example/);
    }
  });
});
