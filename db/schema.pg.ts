/** PostgreSQL's tables by name, for drizzle-kit. */
import { pgKit } from './kit.ts';
import { defineSchema } from './schema.ts';

export const {
  insurers,
  documents,
  insurerDocuments,
  deadlines,
  revisions,
  deadlineRoles,
  organisations,
  keys,
  relations,
  events,
  ownTerms,
  completions,
  steps,
  eventMarks,
  feeds,
  formerLinks,
  recipients,
  mutes,
  messages,
  reminders,
  changes,
  notices,
  attempts,
  senders,
  organisationChanges,
  settings,
} = defineSchema(pgKit());
