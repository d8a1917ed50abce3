/** Who an organisation is, and how it stands with each insurer: one form for both. */
import { faultOfStanding } from '../../../calendars/agenda/leading.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { cleanLine } from '../../../calendars/clean-text.ts';
import { AppError } from '../../../calendars/errors.ts';
import { LANGUAGES, RELATION_STATUSES, ROLES, type Language, type RelationStatus, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import {
  changeOrganisation,
  getOrganisation,
  removeRelation,
  saveRelation,
  type OrganisationWithRelations,
} from '../../../db/organisations/organisations.ts';
import type { WriteDb } from '../../../db/store/store.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { button } from '../parts/button.ts';
import { errorSummary, selectField, textField, type Field } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { ticks } from '../parts/ticks.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { roomAddress, roomForm, roomPath, roomText } from './frame.ts';
import { standingFieldset, standingList } from './standing-parts.ts';

const PATH = '/o/:id/verzekeraars';
const MOST_CHARACTERS = 200;
/** How many of the insurers that an organisation may deal with. */
const STATUSES = ['', ...RELATION_STATUSES] as const;

/** How one insurer stands in the form; an empty status is none. */
interface Standing {
  status: '' | RelationStatus;
  preferred: boolean;
}

interface Typed {
  name: string;
  language: Language;
  roles: Role[];
  /** By the insurer's slug. */
  standings: ReadonlyMap<string, Standing>;
}

/** What is wrong, by the field's name. */
type Faults = ReadonlyMap<string, string>;

export function standingPage(deps: Deps) {
  const { cache, change, clock, read } = deps;
  const namesOf = async () => (await cache.refresh()).names;
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => {
      const names = await namesOf();
      const parent = ask.organisation.parentId === null ? null : await getOrganisation(read, ask.organisation.parentId);
      return standingText(ask, names, typedBy(ask.organisation, names), { parent: parent?.name ?? null });
    });
    takeMemberForm(app, deps, PATH, async (ask) => {
      const names = await namesOf();
      const typed = typedIn(ask, names);
      const faults = faultsOf(typed, names, ask.language);
      const refuse = (faults: Faults) => {
        ask.reply.code(400);
        return standingText(ask, names, typed, { faults });
      };
      if (faults.size > 0) return refuse(faults);
      try {
        await change((tx) => save(tx, ask.organisation.id, typed, clock()));
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
        const field = error.faults[0]?.field;
        if (field !== 'roles' && field !== 'parent') throw error;
        return refuse(new Map([['roles', wordsIn(ask.language)(`room:standing.error.${field === 'parent' ? 'delivered' : 'delivers'}`)]]));
      }
      return onwardSaying(ask, roomPath(ask, 'verzekeraars'), 'bewaard');
    });
  };
}

/** What differs is changed; what does not, is left alone. */
async function save(tx: WriteDb, id: string, { language, name, roles, standings }: Typed, now: Date): Promise<void> {
  const { relations } = await changeOrganisation(tx, id, { language, name, roles }, now);
  for (const [slug, { preferred, status }] of standings) {
    if (status !== '') await saveRelation(tx, id, slug, { contractStatus: status, preferred }, now);
    else if (relations.some(({ insurerSlug }) => insurerSlug === slug)) await removeRelation(tx, id, slug, now);
  }
}

function typedBy({ language, name, relations, roles }: OrganisationWithRelations, names: ReadonlyMap<string, string>): Typed {
  const standingOf = (slug: string): Standing => {
    const relation = relations.find(({ insurerSlug }) => insurerSlug === slug);
    return relation ? { status: relation.contractStatus, preferred: relation.preferred } : { status: '', preferred: false };
  };
  return { language, name, roles, standings: new Map([...names.keys()].map((slug) => [slug, standingOf(slug)])) };
}

/** An insurer that the form does not name stays as it is: the registry may have got it since. */
function typedIn({ fields, organisation }: MemberAsk & FormAsk, names: ReadonlyMap<string, string>): Typed {
  const before = typedBy(organisation, names);
  const preferred = fields.getAll('preferred');
  const standings = [...before.standings].map(([slug, standing]): [string, Standing] => {
    const said = fields.get(`status-${slug}`);
    const status = STATUSES.find((one) => one === said);
    return [slug, status === undefined ? standing : { status, preferred: preferred.includes(slug) }];
  });
  return {
    name: cleanLine(fields.get('name') ?? ''),
    language: LANGUAGES.find((one) => one === fields.get('language')) ?? before.language,
    roles: ROLES.filter((role) => fields.getAll('roles').includes(role)),
    standings: new Map(standings),
  };
}

function faultsOf({ name, roles, standings }: Typed, names: ReadonlyMap<string, string>, language: Language): Faults {
  const say = wordsIn(language);
  const faults = new Map<string, string>();
  if (name === '') faults.set('name', say('room:standing.error.name'));
  if (name.length > MOST_CHARACTERS) faults.set('name', say('room:error.long', { most: MOST_CHARACTERS, count: name.length }));
  if (roles.length === 0) faults.set('roles', say('room:standing.error.roles'));
  for (const [slug, { preferred, status }] of standings) {
    if (!preferred || (status !== '' && faultOfStanding({ contractStatus: status, preferred }) === null)) continue;
    const error = status === '' ? 'preferred' : 'preferred_uncontracted';
    faults.set(`status-${slug}`, say(`room:standing.error.${error}`, { insurer: names.get(slug) ?? slug }));
  }
  return faults;
}

interface Shown {
  faults?: Faults;
  /** The RO that delivers for it. */
  parent?: string | null;
}

function standingText(ask: MemberAsk, names: ReadonlyMap<string, string>, typed: Typed, shown: Shown): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { faults = new Map(), parent = null } = shown;
  const isSaved = saidOf(ask, ['bewaard']) !== null;
  const insurers = [...names].map(([slug, name]) => ({ slug, name })).sort((a, b) => compareNames(a.name, b.name, language));
  const rows = insurers.map(({ slug, name }) => ({ slug, name, ...typed.standings.get(slug)!, error: faults.get(`status-${slug}`) }));
  const summary = [...faults].map(([field, error]): Field => ({ name: field, label: '', error }));
  const content = html`${errorSummary(summary, language)} ${isSaved ? notice(say('room:saved'), 'status') : ''}
  ${parent === null ? '' : html`<p>${say('room:standing.parent', { name: parent })}</p>`}
  ${
    role === 'manager'
      ? roomForm(
          ask,
          roomAddress(ask, 'verzekeraars'),
          html`${whoFields(typed, faults, language)}
            <h2 id="insurers">${say('room:standing.insurers')}</h2>
            <p>${say('room:standing.insurers_text')}</p>
            ${notice(say('room:standing.preferred_text'))}
            <div class="standings">${rows.map((row) => standingFieldset(row, language))}</div>
            ${button(say('room:save'), 'primary')}`,
        )
      : standingList(typed, rows, language)
  }`;
  return roomText(ask, { page: 'verzekeraars', title: say('room:standing.title'), lead: say('room:standing.lead'), content });
}

function whoFields({ language: chosen, name, roles }: Typed, faults: Faults, language: Language): SafeHtml {
  const say = wordsIn(language);
  const rolesFault = faults.get('roles');
  return html`${textField({ name: 'name', label: say('room:standing.name'), value: name, error: faults.get('name'), autocomplete: 'organization' })}
    <div id="roles">
      ${rolesFault === undefined ? '' : html`<p class="fault">${rolesFault}</p>`}
      ${ticks({
        name: 'roles',
        legend: say('room:standing.roles'),
        hint: say('room:standing.roles_hint'),
        options: ROLES.map((value) => ({ value, label: say(`page:choice.roles.${value}`) })),
        chosen: roles,
      })}
    </div>
    ${selectField({
      name: 'language',
      label: say('room:standing.language'),
      hint: say('room:standing.language_hint'),
      value: chosen,
      options: LANGUAGES.map((value) => ({ value, label: say(`room:language.${value}`) })),
    })}`;
}
