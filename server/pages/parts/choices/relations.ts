/** Insurers in a form, each with the contract that there is and whether it leads. */
import { RELATION_STATUSES, type Language, type RelationStatus } from '../../../../calendars/terms.ts';
import { compareNames } from '../../../../calendars/collation.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import { html, type SafeHtml } from '../../html.ts';

/** What was chosen, by slug: of whom nothing was chosen is not in it. */
export interface TypedRelations {
  statuses: ReadonlyMap<string, RelationStatus>;
  preferred: ReadonlySet<string>;
}

/** The name of the whole in a summary of errors, which leads to the first insurer. */
export const RELATIONS = 'insurers';
const PREFERRED = 'preferred';

interface Shown {
  legend: string;
  hint: string;
  error?: string | undefined;
  /** Insurers' names by slug. */
  names: ReadonlyMap<string, string>;
}

/** What the form was sent with; `names` says which insurers there are. */
export function readRelations(fields: URLSearchParams, names: ReadonlyMap<string, string>): TypedRelations {
  const statuses = [...names.keys()].flatMap((slug) => {
    const status = RELATION_STATUSES.find((one) => one === fields.get(`status-${slug}`));
    return status === undefined ? [] : [[slug, status] as const];
  });
  return { statuses: new Map(statuses), preferred: new Set(fields.getAll(PREFERRED).filter((slug) => names.has(slug))) };
}

/** The same as fields of a form, to be sent along. */
export function relationFields({ preferred, statuses }: TypedRelations): [name: string, value: string][] {
  return [
    ...[...statuses].map(([slug, status]) => [`status-${slug}`, status] as [string, string]),
    ...[...preferred].map((slug) => [PREFERRED, slug] as [string, string]),
  ];
}

export function relationList({ preferred, statuses }: TypedRelations, { error, hint, legend, names }: Shown, language: Language): SafeHtml {
  const say = wordsIn(language);
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, language));
  const options = ['', 'contracted', 'uncontracted', 'unknown'] as const;
  const ids = `${RELATIONS}-hint${error === undefined ? '' : ` ${RELATIONS}-error`}`;
  return html`<fieldset class="relations ${error === undefined ? '' : 'faulty'}" aria-describedby="${ids}">
    <legend>${legend}</legend>
    <p class="hint" id="${RELATIONS}-hint">${hint}</p>
    ${error === undefined ? '' : html`<p class="error" id="${RELATIONS}-error">${error}</p>`}
    <ul>
      ${sorted.map(([slug, name], at) => {
        const id = at === 0 ? RELATIONS : `status-${slug}`;
        const status = statuses.get(slug) ?? '';
        return html`<li>
          <label for="${id}">${name}</label>
          <select id="${id}" name="status-${slug}">
            ${options.map(
              (one) =>
                html`<option value="${one}" ${one === status ? html`selected` : ''}>
                  ${say(`page:relations.${one === '' ? 'none' : one}`)}
                </option>`,
            )}
          </select>
          <label class="tick"
            ><input type="checkbox" name="${PREFERRED}" value="${slug}" ${preferred.has(slug) ? html`checked` : ''} /><span
              ><span class="unseen">${name}:</span> ${say('page:relations.preferred')}</span
            ></label
          >
        </li>`;
      })}
    </ul>
  </fieldset>`;
}

/** "CZ (met contract, preferent)", one by one. */
export function writeRelations({ preferred, statuses }: TypedRelations, names: ReadonlyMap<string, string>, language: Language): string[] {
  const say = wordsIn(language);
  return [...statuses]
    .map(([slug, status]) => ({ name: names.get(slug) ?? slug, slug, status }))
    .sort((a, b) => compareNames(a.name, b.name, language))
    .map(({ name, slug, status }) => {
      const notes = [say(`page:relations.${status}`), ...(preferred.has(slug) ? [say('page:relations.preferred')] : [])];
      return `${name} (${notes.map((note) => note.toLocaleLowerCase(language)).join(', ')})`;
    });
}
