/** Insurers: how to reach them, what they published, and their rhythm in each contract year. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { ContractYear, Nullable, OneOf, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { INSURER_KINDS } from '../../../calendars/deadlines/projection.ts';
import { RHYTHM } from '../../../calendars/terms.ts';
import { allDeadlines } from '../../../db/registry/deadlines.ts';
import { getInsurer, listInsurers } from '../../../db/registry/insurers.ts';
import type { Insurer } from '../../../db/schema/schema.ts';
import type { App, Deps } from '../../deps.ts';
import { deadlineView, DeadlineView } from './deadline-view.ts';
import { closed, ListOf, pageOf, PageQuery, problems } from '../shapes.ts';

const text = Nullable(Type.String());

const shown = {
  slug: Type.String(),
  name: Type.String(),
  kind: OneOf(INSURER_KINDS),
  website: text,
  aliases: Type.Array(Type.String(), { description: 'Other names under which it is known' }),
};

const InsurerLine = Type.Object(shown, closed);

const InsurerView = Type.Object(
  {
    ...shown,
    contacts: Type.Array(Type.Object({ purpose: Type.String(), email: text, phone: text, url: text, hours: text }, closed)),
    documents: Type.Array(Type.Object({ title: Type.String(), version: text, url: text, remarks: Type.Array(Type.String()) }, closed)),
    remarks: Type.Array(Type.String()),
    timelines: Type.Array(
      Type.Object(
        {
          contractYear: ContractYear,
          deadlines: Type.Array(DeadlineView, { description: 'The five of the yearly rhythm, in its order' }),
          total: Type.Integer({ description: 'How many deadlines are published for this contract year, these included' }),
        },
        closed,
      ),
      { description: 'One per contract year, the earliest first' },
    ),
  },
  { ...closed, title: 'Insurer' },
);

export function insurerRoutes({ read }: Deps) {
  return async (app: App) => {
    app.get(
      '/insurers',
      {
        schema: {
          tags: ['Insurers'],
          operationId: 'listInsurers',
          summary: 'All insurers, by name',
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(InsurerLine), ...problems(400, 429) },
        },
      },
      async ({ query }) => pageOf((await listInsurers(read)).map(insurerLine), query),
    );

    app.get(
      '/insurers/:slug',
      {
        schema: {
          tags: ['Insurers'],
          operationId: 'getInsurer',
          summary: 'One insurer with its contacts, its documents and its timelines',
          params: Type.Object({ slug: Type.String() }, closed),
          response: { 200: InsurerView, ...problems(400, 404, 429) },
        },
      },
      async ({ params }) => {
        const insurer = await getInsurer(read, params.slug);
        const timelines = timelinesOf(await allDeadlines(read, { insurers: [insurer.slug] }));
        const { contacts, documents, remarks } = insurer;
        return { ...insurerLine(insurer), contacts, documents, remarks, timelines };
      },
    );
  };
}

function insurerLine({ slug, name, kind, website, aliases }: Insurer): Static<typeof InsurerLine> {
  return { slug, name, kind, website, aliases };
}

function timelinesOf(deadlines: readonly Deadline[]) {
  const years = [...new Set(deadlines.map((deadline) => deadline.contractYear))].sort((a, b) => a - b);
  return years.map((contractYear) => {
    const ofYear = deadlines.filter((deadline) => deadline.contractYear === contractYear);
    const rhythm = RHYTHM.flatMap((activity) => ofYear.filter((deadline) => deadline.activity === activity).sort(byCare));
    return { contractYear, deadlines: rhythm.map(deadlineView), total: ofYear.length };
  });
}

function byCare(a: Deadline, b: Deadline): number {
  return a.careType < b.careType ? -1 : a.careType > b.careType ? 1 : 0;
}
