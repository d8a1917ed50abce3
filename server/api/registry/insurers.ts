/** Insurers: how to reach them, what they published, and their rhythm in each contract year. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { ContractYear, DaySchema, Nullable, OneOf, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { INSURER_KINDS } from '../../../calendars/terms.ts';
import { RHYTHM } from '../../../calendars/terms.ts';
import { allDeadlines } from '../../../db/registry/deadlines.ts';
import { getInsurer, listInsurers } from '../../../db/registry/insurers.ts';
import type { Insurer } from '../../../db/schema/schema.ts';
import type { App, Deps } from '../../deps.ts';
import { deadlineView, DeadlineView } from './deadline-view.ts';
import { closed, described, ListOf, named, pageOf, PageQuery, problems, Slug, withoutKey, Words } from '../shapes.ts';

const orNull = (description: string, example: string) =>
  described(Nullable(Words(description, example)), `${description}; null when it is not known`);

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const KindSchema = named(
  'InsurerKind',
  OneOf(INSURER_KINDS),
  'A health insurer, or a party that buys care for several of them',
  'health_insurer',
);

const shown = {
  slug: Slug,
  name: Words('As it calls itself', 'Zorg en Zekerheid'),
  kind: KindSchema,
  website: orNull('Its website', 'https://www.zorgenzekerheid.nl'),
  aliases: Type.Array(Type.String(), { description: 'Other names under which it is known', examples: [['Z&Z']] }),
};

const InsurerLine = named('InsurerSummary', Type.Object(shown, closed), 'Who buys care');

const ContactView = named(
  'InsurerContact',
  Type.Object(
    {
      purpose: Words('What for, in Dutch', 'Vragen over de contractering.'),
      email: orNull('Its mail address', 'huisartsen@zorgenzekerheid.nl'),
      phone: orNull('Its telephone number', '071 582 5441'),
      url: orNull('Its page', 'https://www.zorgenzekerheid.nl'),
      hours: orNull('When it can be reached, in Dutch', 'telefonisch tussen 8 en 12 uur'),
    },
    closed,
  ),
  'How to reach an insurer',
);

const DocumentView = named(
  'InsurerDocument',
  Type.Object(
    {
      title: Words('Its title, literally', 'Zorginkoopbeleid multidisciplinaire zorg 2025'),
      version: orNull('Its version, as it names it', '02-05-2024'),
      url: orNull('Where it stands', 'https://www.example.org/inkoopbeleid-2025.pdf'),
      publishedOn: described(Nullable(DaySchema), 'The day on which it came out; null when it is not known', '2024-04-02'),
      hash: orNull('SHA-256 of the file, in hexadecimal digits, where an editor handed it in', HASH),
      remarks: Type.Array(Type.String(), {
        description: 'What is worth knowing of it, in Dutch',
        examples: [['Twee datums in de planning (6.3) zijn onleesbaar. Ze zijn niet ingevuld.']],
      }),
    },
    closed,
  ),
  'What an insurer published',
);

const TimelineView = named(
  'Timeline',
  Type.Object(
    {
      contractYear: ContractYear,
      deadlines: Type.Array(DeadlineView, { description: 'The five of the yearly rhythm, in its order' }),
      total: Type.Integer({
        description: 'How many deadlines and windows are published for this contract year, these included',
        examples: [12],
      }),
    },
    closed,
  ),
  "An insurer's rhythm in one contract year",
);

const InsurerView = named(
  'Insurer',
  Type.Object(
    {
      ...shown,
      contacts: Type.Array(ContactView, { description: 'How to reach it' }),
      documents: Type.Array(DocumentView, { description: 'What it published' }),
      remarks: Type.Array(Type.String(), {
        description: 'What is worth knowing that is no deadline, in Dutch',
        examples: [['Een praktijk zonder WSV in de wijk kan aansluiting bij een WSV verkennen.']],
      }),
      timelines: Type.Array(TimelineView, { description: 'One per contract year, the earliest first' }),
    },
    closed,
  ),
  'Who buys care: how to reach it, what it published, and its rhythm',
);

export function insurerRoutes({ read }: Deps) {
  return async (app: App) => {
    app.get(
      '/insurers',
      {
        schema: {
          tags: ['Insurers'],
          security: withoutKey,
          operationId: 'listInsurers',
          summary: 'All insurers, by name',
          description:
            'Every health insurer of the registry, and who buys care for several of them. The slug is what other calls name it by.',
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(InsurerLine), ...problems() },
        },
      },
      async ({ query }) => pageOf((await listInsurers(read)).map(insurerLine), query),
    );

    app.get(
      '/insurers/:slug',
      {
        schema: {
          tags: ['Insurers'],
          security: withoutKey,
          operationId: 'getInsurer',
          summary: 'One insurer with its contacts, its documents and its timelines',
          description: 'A timeline holds the five of the yearly rhythm; the other deadlines of that year are found by findDeadlines.',
          params: Type.Object({ slug: Words('Slug of an insurer', 'zorg-en-zekerheid') }, closed),
          response: { 200: InsurerView, ...problems(404) },
        },
      },
      async ({ params }) => {
        const insurer = await getInsurer(read, params.slug);
        const timelines = timelinesOf(await allDeadlines(read, { insurers: [insurer.slug] }));
        const { contacts, remarks } = insurer;
        return { ...insurerLine(insurer), contacts, documents: insurer.documents, remarks, timelines };
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
    return { contractYear, deadlines: rhythm.map(deadlineView), total: ofYear.filter(isCounted).length };
  });
}

function byCare(a: Deadline, b: Deadline): number {
  return a.careType < b.careType ? -1 : a.careType > b.careType ? 1 : 0;
}
