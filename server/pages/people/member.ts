/** One member: the role, handing over, and leaving. Readers see their own page alone, to leave. */
import { AppError } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { removeMember } from '../../../db/people/erasure.ts';
import { changeRole, handOver, listMembers, membershipsOf, type ListedMember } from '../../../db/people/members.ts';
import { MEMBER_ROLES } from '../../../db/schema/schema.ts';
import type { WriteDb } from '../../../db/store/store.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { Onward } from '../page.ts';
import { button } from '../parts/button.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { roomMenu, unknownActText } from '../rooms/frame.ts';
import { freshFirst, freshNote, managersOnlyText, serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { onwardSaying } from '../session/said.ts';
import { forgetSession, sessionField } from '../session/session.ts';
import { roleField } from './role-field.ts';

const PATH = '/o/:id/leden/:personId';

export function memberPages(app: App, deps: Deps): void {
  serveMemberPage(app, deps, PATH, async (ask) => {
    const member = await findMember(ask, deps);
    if (member === null) return null;
    return mayChange(ask, member) ? memberText(ask, member) : managersOnlyText(ask);
  });
  takeMemberForm(
    app,
    deps,
    PATH,
    async (ask) => {
      const member = await findMember(ask, deps);
      if (member === null) return null;
      return mayChange(ask, member) ? act(ask, deps, member) : managersOnlyText(ask);
    },
    { by: 'everybody' },
  );
}

async function findMember({ organisation, request }: MemberAsk, { read }: Deps): Promise<ListedMember | null> {
  const { personId } = request.params as { personId: string };
  return (await listMembers(read, organisation.id)).find((one) => one.personId === personId) ?? null;
}

const isMe = ({ signedIn }: MemberAsk, { personId }: ListedMember) => personId === signedIn.session.person.id;
const mayChange = (ask: MemberAsk, member: ListedMember) => ask.role === 'manager' || isMe(ask, member);

/** What a button does, and what the page that it leads on to says. */
interface Act {
  said: string;
  work: (tx: WriteDb) => Promise<void>;
}

/** What each button does, and what is said of it afterwards. What only managers may do a reader is not let. */
async function act(ask: MemberAsk & FormAsk, deps: Deps, member: ListedMember): Promise<PageText | Onward> {
  const { fields, organisation, reply, role, signedIn } = ask;
  const { change, clock, secret } = deps;
  const { personId } = member;
  const now = clock();
  const asked = fields.get('doe');
  if (asked !== 'verwijder' && role !== 'manager') return managersOnlyText(ask);
  const acts: Record<string, Act> = {
    rol: {
      said: 'rol',
      work: async (tx) => {
        const chosen = MEMBER_ROLES.find((one) => one === fields.get('role')) ?? member.role;
        await changeRole(tx, organisation.id, { personId, role: chosen }, { keepsManager: true }, now);
      },
    },
    'draag-over': {
      said: 'overgedragen',
      work: async (tx) => handOver(tx, organisation.id, { from: signedIn.session.person.id, to: personId }, now),
    },
    verwijder: {
      said: 'verwijderd',
      work: async (tx) => removeMember(tx, { organisationId: organisation.id, personId, keepsManager: true }, secret, now),
    },
  };
  // What was sent may name what any object has by itself.
  const chosen = new Map(Object.entries(acts)).get(asked ?? '');
  if (chosen === undefined) return unknownActText(ask, 'leden', personId);
  const isLeaving = asked === 'verwijder' && isMe(ask, member);
  const first = isLeaving ? null : freshFirst(ask);
  if (first !== null) return first;
  try {
    await change(chosen.work);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    reply.code(409);
    return memberText(ask, member, wordsIn(ask.language)('account:member.last'));
  }
  if (isLeaving) return leave(ask, deps);
  return onwardSaying(ask, `/o/${organisation.id}/leden`, chosen.said);
}

/** Who left sees the other organisations; who belongs nowhere any more is no person here, and signed out. */
async function leave({ reply, signedIn }: MemberAsk, { publicUrl, read }: Deps): Promise<Onward> {
  if ((await membershipsOf(read, signedIn.session.person.id)).length > 0 || signedIn.session.editorLabel !== null)
    return { onward: '/mijn' };
  forgetSession(reply, publicUrl);
  return { onward: '/uitloggen' };
}

function memberText(ask: MemberAsk, member: ListedMember, fault?: string): PageText {
  const { language, organisation, role } = ask;
  const say = wordsIn(language);
  const me = isMe(ask, member);
  const title = say(me ? 'account:member.title_me' : 'account:member.title', { email: member.email });
  const content = html`${roomMenu(ask, 'leden')}
    <h1>${title}</h1>
    <p class="lead">
      ${say(me ? 'account:member.lead_me' : 'account:member.lead', { role: say(`account:role.${member.role}`), organisation: organisation.name })}
    </p>
    ${fault === undefined ? '' : notice(fault, 'caution')} ${role === 'manager' ? freshNote(ask) : ''}
    ${role === 'manager' ? managing(ask, member, me) : ''}
    <h2>${say(me ? 'account:member.leave_title' : 'account:member.remove_title')}</h2>
    <p>${say(me ? 'account:member.leave_text' : 'account:member.remove_text', { organisation: organisation.name })}</p>
    ${form(ask, member, button(say(me ? 'account:member.leave' : 'account:member.remove'), 'grave', { name: 'doe', value: 'verwijder' }))}
    <p><a href="${pageAddress(ask, `/o/${organisation.id}/leden`)}">${say('account:member.back')}</a></p>`;
  return { title, content };
}

/** What a manager chooses for a member. */
function managing(ask: MemberAsk, member: ListedMember, me: boolean): SafeHtml {
  const say = wordsIn(ask.language);
  const save = button(say('account:member.save'), 'primary', { name: 'doe', value: 'rol' });
  return html`<h2>${say('account:member.role_title')}</h2>
    ${form(ask, member, html`${roleField(ask, member.role)} ${save}`)}
    ${
      me
        ? ''
        : html`<h2>${say('account:member.hand_over_title')}</h2>
            <p>${say('account:member.hand_over_text', { email: member.email })}</p>
            ${form(ask, member, button(say('account:member.hand_over'), 'plain', { name: 'doe', value: 'draag-over' }))}`
    }`;
}

function form(ask: MemberAsk, { personId }: ListedMember, content: SafeHtml): SafeHtml {
  const address = pageAddress(ask, `/o/${ask.organisation.id}/leden/${personId}`);
  return html`<form method="post" action="${address}">${sessionField(ask)} ${content}</form>`;
}
