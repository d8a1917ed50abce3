/** An organisation's belongings: how much is its own, and goes with it. */
import { eq } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** How many of each an organisation has. `delivers`: organisations that it delivers for; they stay. */
export interface Belongings {
  recipients: number;
  messages: number;
  feeds: number;
  keys: number;
  insurers: number;
  events: number;
  completions: number;
  steps: number;
  delivers: number;
}

export async function countBelongings(db: ReadDb, organisationId: string): Promise<Belongings> {
  const { completions, events, feeds, keys, messages, organisations, recipients, relations, steps } = db.tables;
  return {
    recipients: await db.$count(recipients, eq(recipients.organisationId, organisationId)),
    messages: await db.$count(messages, eq(messages.organisationId, organisationId)),
    feeds: await db.$count(feeds, eq(feeds.organisationId, organisationId)),
    keys: await db.$count(keys, eq(keys.organisationId, organisationId)),
    insurers: await db.$count(relations, eq(relations.organisationId, organisationId)),
    events: await db.$count(events, eq(events.organisationId, organisationId)),
    completions: await db.$count(completions, eq(completions.organisationId, organisationId)),
    steps: await db.$count(steps, eq(steps.organisationId, organisationId)),
    delivers: await db.$count(organisations, eq(organisations.parentId, organisationId)),
  };
}
