/** Who may look at an organisation, and who may change it: its members, who is invited, and one page for each member. */
import { cleanText } from '../../../calendars/clean-text.ts';
import { AppError } from '../../../calendars/errors.ts';
import { parseAddress } from '../../../calendars/mail-address.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { inviteMember, listInvitations, withdrawInvitation } from '../../../db/people/invitations.ts';
import { listMembers, type ListedMember } from '../../../db/people/members.ts';
import { MEMBER_ROLES, type MemberRole } from '../../../db/schema/schema.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { Onward } from '../page.ts';
import { button } from '../parts/button.ts';
import { errorSummary, textField, type Field } from '../parts/field.ts';
import { writeMoment } from './moment.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { roomMenu } from '../rooms/frame.ts';
import { freshFirst, freshNote, serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { sessionField } from '../session/session.ts';
import { roleField } from './role-field.ts';

const PATH = '/o/:id/leden';
/** What was done last, as the page says that a form leads on to. */
const DONE = ['uitgenodigd', 'ingetrokken', 'rol', 'verwijderd', 'overgedragen'] as const;

/** What stands in the form for an invitation, and what is wrong with it. */
interface Typed {
  email: string;
  role: MemberRole;
  error?: string;
}

export function membersPages(app: App, deps: Deps): void {
  serveMemberPage(app, deps, PATH, async (ask) => listText(ask, deps, { email: '', role: 'reader' }));
  // Who found a browser that somebody left signed in must not get a member of its own choice in.
  takeMemberForm(app, deps, PATH, async (ask) =>
    ask.fields.has('trek-in') ? withdraw(ask, deps) : (freshFirst(ask) ?? invite(ask, deps)),
  );
}

async function invite(ask: MemberAsk & FormAsk, deps: Deps): Promise<PageText | Onward> {
  const { fields, language, organisation, reply, signedIn } = ask;
  const { change, clock, secret } = deps;
  const say = wordsIn(language);
  const role = MEMBER_ROLES.find((one) => one === fields.get('role')) ?? 'reader';
  const email = cleanText(fields.get('email') ?? '').trim();
  const refuse = async (status: number, error: string) => {
    reply.code(status);
    return listText(ask, deps, { email, role, error });
  };
  if (parseAddress(email).fault !== null) return refuse(400, say('account:sign_in.error.email'));
  const invitation = { email, role, invitedById: signedIn.session.person.id };
  try {
    await change((tx) => inviteMember(tx, organisation.id, invitation, secret, clock()));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'conflict') return refuse(409, say('account:members.error.member'));
    if (error.kind === 'limited') return refuse(429, say('account:members.error.limited'));
    throw error;
  }
  return onwardSaying(ask, `/o/${organisation.id}/leden`, 'uitgenodigd');
}

async function withdraw(ask: MemberAsk & FormAsk, { change, clock }: Deps): Promise<Onward> {
  const { fields, organisation } = ask;
  const isWithdrawn = await change((tx) => withdrawInvitation(tx, organisation.id, fields.get('trek-in') ?? '', clock()));
  const onward = `/o/${organisation.id}/leden`;
  return isWithdrawn ? onwardSaying(ask, onward, 'ingetrokken') : { onward };
}

async function listText(ask: MemberAsk, { clock, read }: Deps, typed: Typed): Promise<PageText> {
  const { language, organisation, role } = ask;
  const say = wordsIn(language);
  const members = await listMembers(read, organisation.id);
  const title = say('account:members.title', { organisation: organisation.name });
  const done = saidOf(ask, DONE);
  const content = html`${roomMenu(ask, 'leden')}
    <h1>${title}</h1>
    <p class="lead">${say('account:members.lead')}</p>
    ${done === null ? '' : notice(say(`account:members.done.${done}`), 'status')} ${errorSummary([emailField(ask, typed)], language)}
    <ul class="people">
      ${members.map((member) => memberLine(ask, member))}
    </ul>
    ${role === 'manager' ? [await invitedText(ask, { clock, read }), inviteForm(ask, typed)] : ''}`;
  return { title, content };
}

/** A member with the role, and for who may change something there a link to its page. */
function memberLine(ask: MemberAsk, { email, personId, role }: ListedMember): SafeHtml {
  const say = wordsIn(ask.language);
  const isMe = personId === ask.signedIn.session.person.id;
  const link =
    isMe || ask.role === 'manager'
      ? html`<a
          href="${pageAddress(ask, `/o/${ask.organisation.id}/leden/${personId}`)}"
          aria-label="${say('account:members.change_of', { email })}"
          >${say('account:members.change')}</a
        >`
      : '';
  return html`<li>
    <span class="address">${email}${isMe ? html` <span class="small">(${say('account:members.me')})</span>` : ''}</span>
    <span class="small">${say(`account:role.${role}`)}</span> ${link}
  </li>`;
}

/** Who was invited and did not answer yet; nothing where there are none. */
async function invitedText(ask: MemberAsk, { clock, read }: Pick<Deps, 'clock' | 'read'>): Promise<SafeHtml | ''> {
  const { language, organisation } = ask;
  const say = wordsIn(language);
  const invited = await listInvitations(read, organisation.id, clock());
  if (invited.length === 0) return '';
  const lines = invited.map(
    ({ email, expiresAt, id, role }) =>
      html`<li>
        <span class="address">${email}</span>
        <span class="small"
          >${say(`account:role.${role}`)}, ${say('account:members.until', { moment: writeMoment(expiresAt, language) })}</span
        >
        <form method="post" action="${pageAddress(ask, `/o/${organisation.id}/leden`)}">
          ${sessionField(ask)}<button
            class="button small"
            name="trek-in"
            value="${id}"
            aria-label="${say('account:members.withdraw_of', { email })}"
          >
            ${say('account:members.withdraw')}
          </button>
        </form>
      </li>`,
  );
  return html`<h2>${say('account:members.invited')}</h2>
    <ul class="people">
      ${lines}
    </ul>`;
}

function emailField({ language }: MemberAsk, { error }: Typed): Field {
  const say = wordsIn(language);
  return { name: 'email', label: say('account:members.email'), hint: say('account:members.email_hint'), error };
}

function inviteForm(ask: MemberAsk, typed: Typed): SafeHtml {
  const { language, organisation } = ask;
  const say = wordsIn(language);
  return html`<h2>${say('account:members.invite')}</h2>
    ${freshNote(ask)}
    <form method="post" action="${pageAddress(ask, `/o/${organisation.id}/leden`)}" novalidate>
      ${sessionField(ask)} ${textField({ ...emailField(ask, typed), value: typed.email, type: 'email', autocomplete: 'off' })}
      ${roleField(ask, typed.role)} ${button(say('account:members.send'), 'primary')}
    </form>`;
}
