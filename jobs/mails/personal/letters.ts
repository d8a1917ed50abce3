/** The mails to people: what they ask, what they tell, and until when their links hold. */
import { writeLongDay, amsterdamDay } from '../../../calendars/days.ts';
import type { BrowserKind } from '../../../calendars/people/browser.ts';
import { writeCode } from '../../../calendars/people/code.ts';
import { tokenUrl, type TOKEN_PAGES } from '../../../calendars/people/links.ts';
import { ADDRESS_CHANGE_MS, INVITED_MS, SIGN_IN_MS } from '../../../calendars/people/sign-in.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, type Say } from '../../../calendars/words.ts';
import type { PersonalDraft } from '../../../db/messages/personal-mails.ts';
import { writeTime } from '../days.ts';
import type { Block, Letter } from '../letter.ts';
import { fitSubject } from '../subjects/subject.ts';
import { plainAddress, unlinked } from '../unlinked.ts';
import { workBlocks } from './work-list.ts';

/** `home`: where the calendar itself is, without a slash at the end. */
export function personalLetter(draft: PersonalDraft, home: string): Letter {
  const { language } = draft;
  const say = wordsIn(language);
  const organisation = 'organisation' in draft ? unlinked(draft.organisation) : '';
  const subject = fitSubject([organisation], (shortOf) => [say(`people:${draft.kind}.subject`, { organisation: shortOf(organisation) })]);
  return { language, subject, blocks: blocksOf(draft, say, { home, organisation }) };
}

interface Around {
  home: string;
  organisation: string;
}

function blocksOf(draft: PersonalDraft, say: Say, { home, organisation }: Around): Block[] {
  const { askedAt, kind, language } = draft;
  const line = (name: string, values: Record<string, string> = {}) => text(say(`people:${kind}.${name}`, values));
  const lead = (name: string, values: Record<string, string> = {}) => ({ ...line(name, values), kind: 'lead' as const });
  const button = (page: keyof typeof TOKEN_PAGES, token: string): Block => ({
    kind: 'button',
    label: say(`people:${kind}.button`),
    url: tokenUrl(home, page, { language, token }),
  });
  const until = (ms: number) => {
    const end = new Date(askedAt.getTime() + ms);
    return text(say('people:until', { day: writeLongDay(amsterdamDay(end), language), time: writeTime(end) }));
  };
  switch (draft.kind) {
    case 'sign_in':
      return [
        lead('lead', { code: writeCode(draft.code) }),
        line('how'),
        button('sign_in', draft.token),
        line('until', { time: writeTime(new Date(askedAt.getTime() + SIGN_IN_MS)) }),
        line('asked', askedIn(draft, say)),
        line('nobody'),
        line('otherwise'),
      ];
    case 'no_account':
      return [lead('lead'), line('asked', askedIn(draft, say)), line('how'), homeLink(say, home), line('otherwise')];
    case 'enrolment':
      return [lead('lead'), line('how'), button('enrolment', draft.token), until(INVITED_MS), line('otherwise')];
    case 'member_invitation':
      return [
        lead('lead', { organisation, role: say(`people:role.${draft.role}`) }),
        line(draft.role),
        button('member_invitation', draft.token),
        until(INVITED_MS),
        line('otherwise'),
      ];
    case 'access_request':
      return [
        lead('lead', { organisation, email: plainAddress(draft.email) }),
        line('proved'),
        line('how'),
        homeLink(say, home),
        line('otherwise'),
      ];
    case 'new_address':
      return [lead('lead', { email: plainAddress(draft.email) }), line('how'), homeLink(say, home), line('otherwise')];
    case 'work_list':
      return workBlocks(draft, say, home);
    default:
      draft.kind satisfies 'address_change';
      return [
        lead(draft.isNew ? 'new' : 'former', { email: plainAddress(draft.email) }),
        line('how'),
        button('address_change', draft.token),
        until(ADDRESS_CHANGE_MS),
        line('otherwise'),
      ];
  }
}

const text = (words: string) => ({ kind: 'text' as const, text: words });

const homeLink = (say: Say, home: string): Block => ({ kind: 'link', label: say('people:home'), url: `${home}/` });

/** When it was asked, and with what. */
function askedIn({ askedAt, browser, language }: { askedAt: Date; browser: BrowserKind; language: Language }, say: Say) {
  const kind = { browser: say(`people:browser.${browser.browser}`), system: say(`people:system.${browser.system}`) };
  return { day: writeLongDay(amsterdamDay(askedAt), language), time: writeTime(askedAt), browser: say('people:in_browser', kind) };
}
