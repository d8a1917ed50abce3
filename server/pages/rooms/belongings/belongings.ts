/** What is kept of an organisation: to take along, to leave, or to delete, with what then happens said before. */
import { amsterdamDay } from '../../../../calendars/days.ts';
import { wordsIn, writeList } from '../../../../calendars/words.ts';
import { eraseOrganisationAndMembers } from '../../../../db/people/erasure.ts';
import { countBelongings, type Belongings } from '../../../../db/recipients/belongings.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button, buttonLink } from '../../parts/button.ts';
import { errorSummary, textField, type Field } from '../../parts/field.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { roomAddress, roomForm, roomText, unknownActText } from '../frame.ts';
import { exportName, exportOrganisation } from './export.ts';

const PATH = '/o/:id/gegevens';
/** What of an organisation's own goes with it, in the order in which it is said. */
const COUNTED = ['recipients', 'insurers', 'events', 'completions', 'steps', 'feeds', 'keys', 'messages'] as const;

export function belongingsPages(deps: Deps) {
  const { change, clock, read, secret } = deps;
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => belongingsText(ask, await countBelongings(read, ask.organisation.id)));
    serveMemberPage(app, deps, `${PATH}/meenemen`, async ({ organisation }) => {
      const now = clock();
      const content = await exportOrganisation(read, organisation.id, now);
      return { download: JSON.stringify(content, null, 2), name: exportName(organisation.name, amsterdamDay(now)) };
    });
    takeMemberForm(
      app,
      deps,
      PATH,
      async (ask) => {
        const { organisation } = ask;
        if (ask.fields.get('act') !== 'delete') return unknownActText(ask, 'gegevens');
        const isNamed = isSameName(ask.fields.get('name'), organisation.name);
        if (!isNamed) {
          ask.reply.code(400);
          const belongings = await countBelongings(read, organisation.id);
          return belongingsText(ask, belongings, wordsIn(ask.language)('room:own.error.name'));
        }
        await change((tx) => eraseOrganisationAndMembers(tx, organisation.id, secret, clock()));
        return deletedText(ask);
      },
      { fresh: true },
    );
  };
}

const isSameName = (typed: string | null, name: string) => typed?.trim().toLowerCase() === name.trim().toLowerCase();

function belongingsText(ask: MemberAsk, belongings: Belongings, error?: string): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const field: Field = {
    name: 'name',
    label: say('room:own.name'),
    hint: say('room:own.name_hint', { name: ask.organisation.name }),
    error,
  };
  const content = html`${errorSummary([field], language)}
    <section aria-labelledby="take">
      <h2 id="take">${say('room:own.take')}</h2>
      <p>${say('room:own.take_text')}</p>
      <p>${buttonLink(`${roomAddress(ask, 'gegevens')}/meenemen`, say('room:own.take_button'))}</p>
    </section>
    ${leaveSection(ask)} ${role === 'manager' ? deleteSection(ask, belongings, field) : ''}`;
  return roomText(ask, { page: 'gegevens', title: say('room:own.title'), lead: say('room:own.lead'), content });
}

function leaveSection(ask: MemberAsk): SafeHtml {
  const { language, organisation, signedIn } = ask;
  const say = wordsIn(language);
  return html`<section aria-labelledby="leave">
    <h2 id="leave">${say('room:own.leave')}</h2>
    <p>${say('room:own.leave_text', { name: organisation.name, email: signedIn.session.person.email })}</p>
    <p>${buttonLink(roomAddress(ask, 'leden', signedIn.session.person.id), say('room:own.leave_button'))}</p>
  </section>`;
}

function deleteSection(ask: MemberAsk, belongings: Belongings, field: Field): SafeHtml {
  const { language, organisation } = ask;
  const say = wordsIn(language);
  const counts = COUNTED.filter((name) => belongings[name] > 0).map((name) => say(`room:own.count.${name}`, { count: belongings[name] }));
  return html`<section aria-labelledby="delete">
    <h2 id="delete">${say('room:own.delete', { name: organisation.name })}</h2>
    <p>${say('room:own.delete_text')} ${counts.length === 0 ? '' : say('room:own.delete_counts', { list: writeList(counts, language) })}</p>
    ${belongings.delivers === 0 ? '' : html`<p>${say('room:own.delivers', { count: belongings.delivers })}</p>`}
    <p>${say('room:own.delete_kept')} <a href="${pageAddress(ask, '/privacy')}">${say('room:recipient.remove_privacy')}</a></p>
    ${ask.signedIn.session.isFresh ? '' : html`<p>${say('room:fresh')}</p>`}
    ${roomForm(
      ask,
      roomAddress(ask, 'gegevens'),
      html`${textField(field)} ${button(say('room:own.delete_button'), 'grave', { name: 'act', value: 'delete' })}`,
    )}
  </section>`;
}

/** What stands there once there is nothing to look at any more. */
function deletedText(ask: MemberAsk): PageText {
  const say = wordsIn(ask.language);
  const title = say('room:own.deleted', { name: ask.organisation.name });
  const content = html`<h1>${title}</h1>
    <p>${say('room:own.deleted_text')}</p>
    <p>${buttonLink(pageAddress(ask, '/'), say('page:fault.home'))}</p>`;
  return { title, content };
}
