/** All tables, written once for both dialects: a file for each room, joined here. */
import type { Kit } from '../store/kit.ts';
import { actTables } from './acts.ts';
import { auditTables } from './registry/audit.ts';
import { feedTables } from './feeds.ts';
import { messageTables, type MessageKind } from './messages.ts';
import { noticeTables } from './notices.ts';
import { organisationTables, stepTables } from './organisations.ts';
import { peopleTables } from './people.ts';
import { recipientTables } from './recipients.ts';
import { registryTables } from './registry/registry.ts';
import { reminderTables } from './reminders.ts';
import { reportTables } from './registry/reports.ts';
import { sendingTables } from './sending.ts';
import { storeTables } from './store.ts';

export type { ActKind, ActWay, Said } from './acts.ts';
export type { Audited } from './registry/audit.ts';
export * from './messages.ts';
export { MEMBER_ROLES, type EnrolmentChoices, type MemberRole } from './people.ts';
export { RECIPIENT_STATUSES, type AskedOnce, type RecipientStatus } from './recipients.ts';
export type { Contact } from './registry/registry.ts';

/** The tables of one dialect by name, each after those that it refers to. */
export function defineSchema(kit: Kit) {
  const registry = registryTables(kit);
  const reports = reportTables(kit, registry);
  const organisations = organisationTables(kit, registry);
  const feeds = feedTables(kit, organisations);
  const recipients = recipientTables(kit, { ...registry, ...organisations });
  const steps = stepTables(kit, { ...registry, ...organisations, ...recipients });
  const readers = { ...registry, ...reports, ...organisations, ...feeds, ...recipients, ...steps, ...peopleTables(kit, organisations) };
  const mail = { ...readers, ...messageTables(kit, readers), ...actTables(kit, readers) };
  return {
    ...mail,
    ...reminderTables(kit, mail),
    ...noticeTables(kit, mail),
    ...sendingTables(kit, mail),
    ...storeTables(kit),
    ...auditTables(kit),
  };
}

export type Tables = ReturnType<typeof defineSchema>;
export type Insurer = Tables['insurers']['$inferSelect'];
export type Organisation = Tables['organisations']['$inferSelect'];
export type Feed = Tables['feeds']['$inferSelect'];
export type Relation = Tables['relations']['$inferSelect'];
export type Recipient = Tables['recipients']['$inferSelect'];
export type Person = Tables['people']['$inferSelect'];
export type Message = Tables['messages']['$inferSelect'];
/** A message to an organisation's people. */
export type OwnMessage = Message & { organisationId: string; kind: MessageKind };
export type Report = Tables['reports']['$inferSelect'];
export type Act = Tables['acts']['$inferSelect'];
/** What a mail tells of a deadline, or of an act. */
export type NoticeRow = Tables['notices']['$inferSelect'];
/** What a mail tells of a deadline. */
export type Notice = NoticeRow & { deadlineId: string };
