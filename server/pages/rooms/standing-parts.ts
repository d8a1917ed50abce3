/** How an organisation stands with insurers, as a form asks it and as who may only look reads it. */
import { RELATION_STATUSES, type Language, type RelationStatus, type Role } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { rowList } from '../parts/rows.ts';
import { selectField } from '../parts/field.ts';

interface StandingRow {
  slug: string;
  name: string;
  /** Empty: it does not deal with this insurer. */
  status: '' | RelationStatus;
  preferred: boolean;
  error?: string | undefined;
}

/** The question about one insurer: how one stands with it, and whether it leads. */
export function standingFieldset({ error, name, preferred, slug, status }: StandingRow, language: Language): SafeHtml {
  const say = wordsIn(language);
  return html`<fieldset class="standing">
    <legend>${name}</legend>
    ${selectField({
      name: `status-${slug}`,
      label: say('room:standing.status_label'),
      value: status,
      error,
      options: ['', ...RELATION_STATUSES].map((value) => ({ value, label: say(`room:standing.status.${value === '' ? 'none' : value}`) })),
    })}
    <label class="tick"
      ><input type="checkbox" name="preferred" value="${slug}" ${preferred ? html`checked` : ''} />${say('room:standing.preferred')}</label
    >
  </fieldset>`;
}

/** The same to read. */
export function standingList(
  who: { name: string; roles: readonly Role[]; language: Language },
  rows: readonly StandingRow[],
  language: Language,
): SafeHtml {
  const say = wordsIn(language);
  const roles = writeList(
    who.roles.map((role) => say(`page:choice.roles.${role}`)),
    language,
  );
  const insurers = rows.filter(({ status }) => status !== '');
  return html`${rowList([
      { label: say('room:standing.name'), value: who.name },
      { label: say('room:standing.roles'), value: roles },
      { label: say('room:standing.language'), value: say(`room:language.${who.language}`) },
    ])}
    <h2>${say('room:standing.insurers')}</h2>
    ${insurers.length === 0 ? html`<p>${say('room:next.no_insurers')}</p>` : ''}
    ${rowList(
      insurers.map(({ name, preferred, status }) => ({
        label: name,
        value: `${say(`room:standing.status.${status}`)}${preferred ? `, ${say('room:standing.preferred')}` : ''}`,
      })),
    )}`;
}
