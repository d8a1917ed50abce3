/** How a contract is asked for at one insurer: the last day, where, with which subject, and what is required. */
import { mailTo } from '../../../calendars/channel-text.ts';
import { writeDay } from '../../../calendars/days.ts';
import { isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { contractTerms, runningTerm, writeTerm } from '../../../calendars/deadlines/contract-terms.ts';
import { countingDay, type Channel, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { assumedOf, nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import type { Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { contactsSection } from '../insurers/contacts.ts';
import type { InsurerYear } from '../insurers/insurer-year.ts';
import { requirementsSection, requirementsUpTo } from '../insurers/requirements.ts';
import { sectionViews, type Section } from '../insurers/section.ts';
import { columnNote } from '../insurers/source-line.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { copyable } from '../parts/copyable.ts';
import { dutch } from '../parts/dutch.ts';
import { dayBlock, timeLeft } from '../parts/day-block.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { entryLink, pageAddress } from '../parts/page-link.ts';
import { quote } from '../parts/quote.ts';
import { rowList } from '../parts/rows.ts';
import { webLink } from '../parts/ways.ts';

/** What is known of how a contract is asked for: now, or as it was for an earlier contract year. */
export interface Way {
  channel: Channel;
  /** Null where it is stated for the year itself. */
  before: number | null;
}

/** Null where nobody knows. */
export function wayOf({ channel, precedent }: Pick<Deadline, 'channel' | 'precedent'>): Way | null {
  if (channel !== null) return { channel, before: null };
  return precedent?.channel ? { channel: precedent.channel, before: precedent.contractYear } : null;
}

/** The requests of a contract year, the soonest day first, what has none before it. */
export function requestsOf(deadlines: readonly Deadline[], year: number): Deadline[] {
  return deadlines
    .filter((one) => one.activity === 'contract_request' && one.contractYear === year)
    .sort((a, b) => compare(dayOf(a), dayOf(b)));
}

/** `title`: of the page, which is about nothing else. `role`: of who reads, null where none was chosen. */
export function requestView(ask: PageAsk, content: InsurerYear, { role, title }: { role: Role | null; title: string }): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const { all, bought, insurer, today } = content;
  const requests = (year: number) => requestsOf(all, year);
  const past = requests(bought).filter((one) => dayOf(one) !== '' && dayOf(one) < today);
  const open = [...requests(bought).filter((one) => !past.includes(one)), ...(past.length > 0 ? requests(bought + 1) : [])];
  const known = [...open, ...past].find((one) => wayOf(one) !== null);
  const sections = [askedSection(ask, content, open[0]?.contractYear ?? bought, role) ?? [], contactsSection(ask, content)].flat();
  return html`<section aria-labelledby="ask">
      <h1 id="ask">${title}</h1>
      ${past.slice(0, 1).map((one) => notice(writePast(ask, one), 'caution'))}
      ${open.length === 0 && past.length === 0 ? html`<p>${say('page:no_contract.no_day', { year: bought })}</p>` : ''}
      <ul class="entries">
        ${open.map((one) => html`<li>${openItem(ask, one, content)}</li>`)}
      </ul>
      <h2>${say('page:no_contract.how')}</h2>
      ${known === undefined ? unknownWay(ask, content) : wayView(ask, known, all)}
    </section>
    <div class="sheet">${sectionViews(sections)}</div>
    <p class="unprinted">
      <a href="${pageAddress(ask, `/verzekeraars/${insurer.slug}`)}">${say('page:no_contract.year', { insurer: insurer.name })}</a>
    </p>`;
}

/** What is required of who has no contract; what "kolom afgeleid" means at its head. */
function askedSection(ask: PageAsk, content: InsurerYear, year: number, role: Role | null): Section | null {
  const section = requirementsSection(ask, content, year, { isAsked: isUncontracted, role });
  const note = columnNote(requirementsUpTo(content.all, year, isUncontracted), ask.language);
  return section && { ...section, intro: html`${section.intro}${note}` };
}

/** The day of a contract year to ask for, which is past: "was", or where nobody stated it "ging vermoedelijk voorbij". */
function writePast({ language }: PageAsk, deadline: Deadline): string {
  const name = isAssumed(deadline) ? 'past_assumed' : isProjected(deadline) ? 'past_expected' : 'past';
  const values = {
    year: deadline.contractYear,
    day: writeDay(countingDay(deadline)!, language),
    who: nameBuyer('the', deadline, language),
  };
  return wordsIn(language)(`page:no_contract.${name}`, values);
}

function openItem(ask: PageAsk, deadline: Deadline, { all, insurer, today }: InsurerYear): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const day = countingDay(deadline);
  const term = runningTerm(contractTerms(all, insurer.slug), deadline.contractYear);
  return html`${day === null ? html`<div class="day"></div>` : dayBlock(day, language, isAssumed(deadline))}
    <div>
      <h3>${entryLink(ask, deadline)}</h3>
      <p class="who">
        ${say(`page:no_contract.${isAssumed(deadline) ? 'last_day_assumed' : 'last_day'}`, { year: deadline.contractYear })}
        ${day === null || isAssumed(deadline) ? '' : html`<span class="left">${timeLeft(today, day, language)}</span>`}
      </p>
      <p>
        ${certaintyMark(deadline, language)} ${isAssumed(deadline) ? html`<span class="small">${assumedOf(deadline, language)}</span>` : ''}
        ${isProjected(deadline) && !isAssumed(deadline) ? html`<span class="small">${say('page:no_contract.expected', { year: deadline.contractYear })}</span>` : ''}
      </p>
      ${term === null ? '' : html`<p>${say('page:insurer.term_runs', { term: writeTerm(term) })}</p>`}
    </div>`;
}

/** Mailbox and subject, letter for letter, and the sentence that says so. */
function wayView({ language }: PageAsk, deadline: Deadline, all: readonly Deadline[]): SafeHtml {
  const say = wordsIn(language);
  const { before, channel } = wayOf(deadline)!;
  const { address, hours, kind, subject } = channel;
  const sources = before === null ? deadline.sources : (deadline.precedent?.sources ?? []);
  const proof = sources.find(({ quote: words }) => words !== null && address !== null && words.includes(address)) ?? sources[0];
  // What is quoted of an earlier year was compared when that year was.
  const quoted = before === null ? deadline : all.find(({ id }) => id === deadline.precedent?.deadlineId);
  const checkedOn = quoted?.checkedOn ?? null;
  const isMail = kind === 'email' && address !== null;
  const rows = [
    {
      label: say(isMail ? 'page:no_contract.mailbox' : 'page:no_contract.place'),
      value: address === null ? say('page:no_contract.way_unknown') : copyable(address, say('page:no_contract.copy_address'), language),
    },
    ...(isMail
      ? [
          {
            label: say('page:no_contract.subject'),
            value:
              subject === null ? say('page:no_contract.no_subject') : copyable(subject, say('page:no_contract.copy_subject'), language),
          },
        ]
      : []),
    ...(hours === null ? [] : [{ label: say('page:no_contract.hours'), value: dutch(hours) }]),
  ];
  return html`${before === null ? '' : notice(say('page:no_contract.before', { from: before, year: deadline.contractYear }), 'caution')}
  ${rowList(rows)}
  ${isMail ? html`<p class="unprinted">${buttonLink(mailTo(address, subject), say(subject === null ? 'page:no_contract.mail' : 'page:no_contract.mail_subject'), 'primary')}</p>` : ''}
  ${proof === undefined ? '' : quote(proof, checkedOn, language)}`;
}

/** Nobody said where: then the insurer is asked. */
function unknownWay({ language }: PageAsk, { insurer }: InsurerYear): SafeHtml {
  const say = wordsIn(language);
  return html`<p>
    ${say('page:no_contract.ask_them', { insurer: insurer.name })} ${insurer.website === null ? '' : webLink(insurer.website)}
  </p>`;
}

const dayOf = (deadline: Deadline) => countingDay(deadline) ?? '';
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const isUncontracted = ({ duty }: Deadline) => duty.contractStatus !== 'contracted';
