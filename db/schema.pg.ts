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
  feeds,
  recipients,
  messages,
  reminders,
  attempts,
  senders,
  settings,
} = defineSchema(pgKit());
