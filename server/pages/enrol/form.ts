/** The form by which an organisation is enrolled, and what was filled in as facts. */
import { LANGUAGES, ROLES, type Language } from '../../../calendars/terms.ts';
import { DIGESTS } from '../../../calendars/reminders/reminders.ts';
import { writeLeads } from '../../../calendars/reminders/lead-text.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { errorSummary, selectField, textField, type Field } from '../parts/field.ts';
import { LEADS, leadTicks } from '../parts/choices/lead-days.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { RELATIONS, relationList, writeRelations } from '../parts/choices/relations.ts';
import type { Row } from '../parts/rows.ts';
import { ticks } from '../parts/ticks.ts';
import type { Faults, Typed } from './choices.ts';

export const PATH = '/aanmelden';

interface Shown {
  /** Insurers' names by slug. */
  names: ReadonlyMap<string, string>;
  faults?: Faults;
  /** A sentence that comes first. */
  said?: string;
}

export function formText(ask: PageAsk, typed: Typed, { faults = new Map(), names, said }: Shown): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const title = say('page:enrol.title');
  const fields = fieldsOf(faults, language);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.lead')}</p>
    ${said === undefined ? '' : notice(said, 'status')} ${errorSummary([...fields.values()], language)}
    <p>${say('page:enrol.what')} <a href="${pageAddress(ask, '/privacy')}">${say('page:enrol.privacy')}</a></p>
    <form class="enrol" method="post" action="${pageAddress(ask, PATH)}" novalidate>
      ${typed.invitation === '' ? '' : html`<input type="hidden" name="invitation" value="${typed.invitation}" />`}
      ${inputs(typed, fields, { names, language })}
      <p class="small">${say('page:enrol.check_first')}</p>
      ${button(say('page:enrol.next'), 'primary')}
    </form>`;
  return { title, description: say('page:enrol.lead'), content };
}

function inputs(
  typed: Typed,
  fields: ReadonlyMap<string, Field>,
  { language, names }: { language: Language; names: ReadonlyMap<string, string> },
): SafeHtml[] {
  const say = wordsIn(language);
  const of = (name: string) => fields.get(name)!;
  return [
    textField({ ...of('name'), value: typed.name, autocomplete: 'organization' }),
    ticks({
      name: 'role',
      legend: say('page:choice.role'),
      hint: say('page:enrol.role_hint'),
      error: of('role').error,
      options: ROLES.map((value) => ({ value, label: say(`page:choice.roles.${value}`) })),
      chosen: typed.roles,
    }),
    relationList(
      typed,
      { legend: say('page:enrol.insurers'), hint: say('page:relations.preferred_hint'), error: of(RELATIONS).error, names },
      language,
    ),
    textField({ ...of('email'), value: typed.email, type: 'email', autocomplete: 'email' }),
    leadTicks(
      typed.leadDays,
      { legend: say('page:enrol.lead_days'), hint: say('page:enrol.lead_days_hint'), error: of(LEADS).error },
      language,
    ),
    selectField({
      ...of('digest'),
      value: typed.digest,
      options: DIGESTS.map((value) => ({ value, label: say(`page:digest.${value}`) })),
    }),
    selectField({
      ...of('language'),
      value: typed.language,
      options: LANGUAGES.map((value) => ({ value, label: say(`page:enrol.languages.${value}`) })),
    }),
  ];
}

/** The fields by name, in their order, each with what is wrong with it. */
function fieldsOf(faults: Faults, language: Language): Map<string, Field> {
  const say = wordsIn(language);
  const labels = {
    name: { label: say('page:enrol.name') },
    role: { label: say('page:choice.role') },
    [RELATIONS]: { label: say('page:enrol.insurers') },
    email: { label: say('page:enrol.email'), hint: say('page:enrol.email_hint') },
    [LEADS]: { label: say('page:enrol.lead_days') },
    digest: { label: say('page:enrol.digest') },
    language: { label: say('page:enrol.language') },
  };
  return new Map(Object.entries(labels).map(([name, field]) => [name, { name, ...field, error: faults.get(name) }]));
}

/** What was filled in, to be read once more. */
export function chosenRows(typed: Typed, names: ReadonlyMap<string, string>, language: Language): Row[] {
  const say = wordsIn(language);
  const roles = typed.roles.map((role) => say(`page:choice.roles.${role}`));
  return [
    { label: say('page:enrol.name'), value: typed.name },
    { label: say('page:enrol.row.role'), value: writeList(roles, language) },
    {
      label: say('page:enrol.row.insurers'),
      value: html`<ul class="plain">
        ${writeRelations(typed, names, language).map((line) => html`<li>${line}</li>`)}
      </ul>`,
    },
    { label: say('page:enrol.row.email'), value: typed.email },
    { label: say('page:enrol.row.leads'), value: writeLeads(typed, language) },
    { label: say('page:enrol.language'), value: say(`page:enrol.languages.${typed.language}`) },
  ];
}
