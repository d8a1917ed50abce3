/** "Klopt dit niet?": a form to say what is wrong with an entry, and the page that says what happens next. */
import { cleanText } from '../../../calendars/clean-text.ts';
import { AppError } from '../../../calendars/errors.ts';
import { foldAddress, parseAddress } from '../../../calendars/mail-address.ts';
import type { Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { fileReport } from '../../../db/registry/reports.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { callerDigest } from '../../../db/store/secrets.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button, buttonLink } from '../parts/button.ts';
import { errorSummary, textArea, textField, type Field } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { rowList } from '../parts/rows.ts';
import { findEntry, idOf } from './entry-facts.ts';

const PATH = '/datums/:deadlineId/klopt-niet';
const NAMES = ['wrong', 'right', 'where', 'email'] as const;
const MOST_CHARACTERS = 2000;
const HOUR_SECONDS = '3600';

/** What was typed, and what is wrong with it. */
type Typed = Record<(typeof NAMES)[number], string>;
type Faults = Partial<Typed>;

const NOTHING: Typed = { wrong: '', right: '', where: '', email: '' };

export function reportPages(deps: Deps) {
  const { cache, change, clock, secret } = deps;
  const find = async (ask: PageAsk) => {
    const { names, parts } = await cache.refresh();
    const deadline = findEntry({ parts }, idOf(ask));
    return deadline && { deadline, insurerName: deadline.insurer === null ? null : (names.get(deadline.insurer) ?? deadline.insurer) };
  };
  return async (app: App) => {
    servePage(app, deps, PATH, async (ask) => {
      const about = await find(ask);
      return about ? formText(ask, about, NOTHING) : null;
    });
    servePage(app, deps, `${PATH}/bedankt`, async (ask) => {
      const about = await find(ask);
      return about ? thanksText(ask, about.deadline) : null;
    });
    takeForm(app, deps, PATH, async (ask) => {
      const about = await find(ask);
      if (!about) return null;
      const typed = typedIn(ask);
      const faults = faultsOf(typed, ask.language);
      if (Object.keys(faults).length > 0) {
        ask.reply.code(400);
        return formText(ask, about, typed, faults);
      }
      const { id, revision } = about.deadline;
      const { email, right, where, wrong } = typed;
      const report = { deadlineId: id, revision, language: ask.language, wrong, correct: right || null, proof: where || null };
      const caller = callerDigest(secret, ask.request.ip);
      try {
        await change((tx) => fileReport(tx, { ...report, email: email === '' ? null : foldAddress(email) }, caller, clock()));
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'limited') throw error;
        ask.reply.code(429).header('retry-after', HOUR_SECONDS);
        return formText(ask, about, typed, {}, true);
      }
      return { onward: `/datums/${id}/klopt-niet/bedankt` };
    });
  };
}

function typedIn({ fields }: FormAsk): Typed {
  const typed = (name: string) => cleanText(fields.get(name) ?? '').trim();
  return { wrong: typed('wrong'), right: typed('right'), where: typed('where'), email: typed('email') };
}

function faultsOf(typed: Typed, language: Language): Faults {
  const say = wordsIn(language);
  const faults: Faults = {};
  for (const name of NAMES)
    if (typed[name].length > MOST_CHARACTERS) faults[name] = say('page:report.error.long', { count: typed[name].length });
  if (typed.wrong === '') faults.wrong = say('page:report.error.wrong');
  if (typed.email !== '' && parseAddress(typed.email).fault !== null) faults.email = say('page:report.error.email');
  return faults;
}

/** What a report is about. */
interface About {
  deadline: Revision;
  insurerName: string | null;
}

function formText(ask: PageAsk, about: About, typed: Typed, faults: Faults = {}, isLimited = false): PageText {
  const { language, reply } = ask;
  const say = wordsIn(language);
  const { deadline, insurerName } = about;
  const entry = addressAt(reply, pathIn(language, `/datums/${deadline.id}`));
  const what = `${insurerName ?? say('common:sector')} ${deadline.contractYear}: ${titleOf(deadline, language)}`;
  const title = say('page:report.title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:report.lead')}</p>
    ${isLimited ? notice(html`<strong>${say('page:report.limited_title')}.</strong> ${say('page:report.limited')}`, 'status') : ''}
    ${errorSummary(fieldsOf(faults, language), language)}
    ${rowList([{ label: say('page:report.page'), value: html`<a href="${entry}">${what}</a>` }])}
    <form method="post" action="${entry}/klopt-niet" novalidate>
      ${inputs(typed, faults, language)}
      <p class="small">${say('page:report.kept')}</p>
      ${button(say('page:report.send'), 'primary')}
    </form>`;
  return { title: `${title} ${what}`, description: say('page:report.lead'), content };
}

function inputs(typed: Typed, faults: Faults, language: Language): SafeHtml[] {
  const [wrong, right, where, email] = fieldsOf(faults, language) as [Field, Field, Field, Field];
  return [
    textArea({ ...wrong, value: typed.wrong }),
    textArea({ ...right, value: typed.right, rows: 2 }),
    textArea({ ...where, value: typed.where, rows: 2 }),
    textField({ ...email, value: typed.email, type: 'email', autocomplete: 'email' }),
  ];
}

/** The fields in their order, each with what is wrong with it. */
function fieldsOf(faults: Faults, language: Language): Field[] {
  const say = wordsIn(language);
  const optional = (name: string) => say('page:report.optional', { label: say(`page:report.${name}`) });
  return [
    { name: 'wrong', label: say('page:report.wrong'), error: faults.wrong },
    { name: 'right', label: optional('right'), hint: say('page:report.right_hint'), error: faults.right },
    { name: 'where', label: optional('where'), hint: say('page:report.where_hint'), error: faults.where },
    { name: 'email', label: optional('email'), hint: say('page:report.email_hint'), error: faults.email },
  ];
}

function thanksText({ language, reply }: PageAsk, { id }: Revision): PageText {
  const say = wordsIn(language);
  const title = say('page:report.thanks_title');
  const content = html`<h1>${title}</h1>
    <p>${say('page:report.thanks')}</p>
    <p>${say('page:report.thanks_mail')}</p>
    <p>${buttonLink(addressAt(reply, pathIn(language, `/datums/${id}`)), say('page:report.back'))}</p>`;
  return { title, description: say('page:report.lead'), content };
}
