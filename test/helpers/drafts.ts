/** Drafts of mails as the store would give them, and the mails made of them. */
import PostalMime, { type Email } from 'postal-mime';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import type { Content, Deadline } from '../../calendars/deadlines/deadline.ts';
import type { OpenItem } from '../../calendars/agenda/open-duties.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Recipient } from '../../db/schema/schema.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { contentOf, identityOf } from './cast.ts';
import { SETTINGS } from './mail-settings.ts';
import { MONDAY } from './reminders.ts';

export const ID = '123e4567-e89b-42d3-a456-426614174000';
export const MESSAGE = { id: '00000000-0000-4000-8000-000000000001' };

export const CONFLICT = {
  kind: 'readings' as const,
  days: ['2024-09-30', '2024-10-01'],
  text: 'Paragraaf 5.3 zegt "voor 1 oktober"; paragraaf 6.3 noemt 1 oktober als uiterste datum.',
};

export function itemOf(
  content: Partial<Content> = {},
  over: Partial<Omit<AgendaItem, 'deadline'>> & { dueOn?: string; lastSafeOn?: string | null } & Partial<
      Pick<Deadline, 'contractYear' | 'insurerKind' | 'origin' | 'precedent' | 'started'>
    > = {},
): OpenItem {
  const {
    dueOn = '2024-10-01',
    lastSafeOn = content.certainty === 'template' ? null : '2024-09-30',
    precedent = null,
    contractYear = 2025,
    insurerKind = null,
    origin,
    started,
    ...rest
  } = over;
  return {
    deadline: {
      id: ID,
      ...identityOf(),
      ...contentOf(content),
      dueOn,
      lastSafeOn,
      revision: 1,
      revisedAt: MONDAY,
      status: 'published',
      checkedOn: null,
      checkedBy: null,
      precedent,
      contractYear,
      insurerKind,
      ...(origin && { origin }),
      ...(started && { started }),
    },
    insurerName: 'Zorg en Zekerheid',
    preferred: false,
    as: 'ro',
    organisations: [{ id: 'ro', name: 'Regio Zuid' }],
    uid: ID,
    sequence: 0,
    changedAt: MONDAY,
    completion: null,
    askedAgain: null,
    doneSequenceNumber: null,
    steps: [],
    relation: null,
    arrangedBefore: [],
    ...rest,
  };
}

export const RECIPIENT: Recipient = {
  id: ID,
  organisationId: 'ro',
  email: 'a@example.org',
  leadDays: [42, 14, 3, 0],
  digest: 'daily',
  status: 'confirmed',
  createdAt: MONDAY,
  confirmedAt: MONDAY,
  unsubscribedAt: null,
  sendHour: '07:30',
  language: null,
  pausedUntil: null,
  position: 1,
  deputyEmail: null,
  deputyUntil: null,
  deputyConfirmedAt: null,
  deputyFault: null,
  declined: [],
  fault: null,
};

export function draftOf(due: OpenItem[], over: Partial<Draft> & { name?: string } = {}): Draft {
  const { language = 'nl', name = 'Regio Zuid', recipient = RECIPIENT, ...rest } = over;
  return {
    kind: 'reminder',
    organisation: {
      id: 'ro',
      name,
      language,
      roles: ['ro'],
      parentId: null,
      version: 1,
      createdAt: MONDAY,
      changedAt: null,
      unremindedSince: null,
      unremindedWhy: null,
    },
    recipient,
    language,
    relations: [{ insurerSlug: 'zorg-en-zekerheid', contractStatus: 'contracted' }],
    isWithAll: false,
    to: recipient.email,
    isForDeputy: false,
    today: '2024-09-16',
    due: due.map((item) => ({ item, leadDays: 14 })),
    steps: [],
    next: [],
    others: 0,
    firstOn: null,
    firstOf: 'duty',
    silentIds: [],
    otherNames: [],
    changes: [],
    undone: [],
    acts: [],
    requirements: [],
    withoutPolicy: [],
    requestNotes: [],
    takenAway: [],
    about: null,
    isRepeated: false,
    unreached: [],
    partly: [],
    ...rest,
  };
}

/** The mail as a mail program reads it. `lead`: the line below the first title. */
export async function render(draft: Draft): Promise<Email & { firstLine: string; lead: string; raw: Buffer }> {
  const { raw } = composeMail(MESSAGE, draft, SETTINGS, MONDAY);
  const mail = await PostalMime.parse(raw);
  const [firstLine = '', lead = ''] = mail.text!.split('\n');
  return { ...mail, raw, firstLine, lead };
}

/** Where the links in a page lead, as they stand in a text: of a mailbox the address. */
export function linksIn(html: string): string[] {
  return [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url!.replaceAll('&amp;', '&').replace(/^mailto:([^?]+).*/, '$1'));
}

/** What stands in a page, without its tags. */
export function plainOf(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!)
    .replaceAll(/\s+/g, ' ');
}
