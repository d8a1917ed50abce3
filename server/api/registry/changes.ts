/** Changes of the registry, for programs that keep a copy of it: those after the mark of the answer before. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { NEWS_KINDS } from '../../../calendars/agenda/news.ts';
import { Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { AppError } from '../../../calendars/errors.ts';
import { changePageOf } from '../../../calendars/ics/entry-page.ts';
import { changesAfter, kindOfChange, lastPossibleNumber, type PublicChange } from '../../../db/registry/public/changes.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, described, Id, MomentSchema, named, problems, Slug, withoutKey } from '../shapes.ts';
import { RevisionView, revisionView } from './deadline-view.ts';

const Mark = (description: string) => Type.String({ pattern: '^[0-9]{1,9}$', description, examples: ['412'] });

const ChangesQuery = Type.Object(
  {
    since: Type.Optional(
      Mark('The mark of the previous answer: only what became public after it; from the beginning where it is not given'),
    ),
    insurer: Type.Optional(described(Slug, 'Slug of an insurer: only changes of its deadlines; never gives rows of the whole sector')),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'How many changes an answer holds at most', examples: [50] }),
  },
  closed,
);

const KindSchema = named(
  'ChangeKind',
  OneOf(NEWS_KINDS),
  'What became of the deadline. dated: its day was not known, or only assumed; confirmed: its day is stated now; gone: it was withdrawn',
  'moved',
);

const ChangeView = named(
  'ChangeEntry',
  Type.Object(
    {
      id: Id('The change: its page, mails and calendars know it by the same'),
      kind: KindSchema,
      publicAt: described(MomentSchema, 'When it became public, in UTC', '2024-09-16T05:30:00.000Z'),
      deadlineId: Id('The deadline'),
      before: described(Nullable(RevisionView), 'What it said before; null where it is new'),
      after: described(RevisionView, 'What it said from then on, with the reason'),
      aloneReason: described(
        Nullable(Type.String({ examples: ['De collega is met verlof; de datum staat letterlijk in het document.'] })),
        'Why one editor published it alone, in Dutch, as long as no other editor has looked at it; null where one has',
      ),
      url: Type.String({
        description: 'Its page, in Dutch',
        examples: ['https://kalender.example.org/wijzigingen/0d2b8c52-6d3f-4a3c-9d43-1f2a5b7c9e10'],
      }),
    },
    closed,
  ),
  'A change of the registry: of one deadline, from one revision to another',
);

const ChangesView = named(
  'Changes',
  Type.Object(
    {
      items: Type.Array(ChangeView, { description: 'In the order of becoming public, the oldest first' }),
      mark: Mark('What to give as since the next time, whether there are items or not'),
      hasMore: Type.Boolean({ description: 'Whether more follow: ask again at once', examples: [false] }),
    },
    closed,
  ),
  'Changes of the registry after a mark',
);

export function changeRoutes({ publicUrl, read }: Pick<Deps, 'publicUrl' | 'read'>) {
  return async (app: App) => {
    app.get(
      '/changes',
      {
        schema: {
          tags: ['Deadlines'],
          security: withoutKey,
          operationId: 'listChanges',
          summary: 'What changed in the registry since a mark',
          description:
            'Whoever gives the mark of the previous answer meets each change once, in the order of becoming public, and none is skipped. What an editor or a ' +
            'new version of the registry enters, amends or withdraws is a change, the former ten minutes later; what the registry began with is none, nor what is computed from other dates: ' +
            'of those the revision after a change may tell.',
          querystring: ChangesQuery,
          response: { 200: ChangesView, ...problems() },
        },
      },
      async ({ query }) => {
        const { insurer, limit, since = '0' } = query;
        // Read first: what is committed meanwhile has a higher number, and is met now or the next time.
        const reached = await lastPossibleNumber(read);
        const number = Number(since);
        if (number > reached) throw new AppError('invalid', 'No answer had this mark.', [SINCE_FAULT]);
        const changes = await changesAfter(read, { insurer, number }, limit + 1);
        const items = changes.slice(0, limit);
        const hasMore = changes.length > limit;
        const last = items.at(-1)?.number ?? 0;
        const mark = hasMore ? last : Math.max(reached, last);
        return { items: items.map((change) => changeView(change, publicUrl)), mark: String(mark), hasMore };
      },
    );
  };
}

const SINCE_FAULT = { field: 'since', message: 'must be the mark of an earlier answer of this service', in: 'query' };

function changeView(change: PublicChange, publicUrl: string): Static<typeof ChangeView> {
  const { after, aloneReason, before, id, publicAt } = change;
  return {
    id,
    kind: kindOfChange(change),
    publicAt: publicAt.toISOString(),
    deadlineId: after.id,
    before: before && revisionView(before),
    after: revisionView(after),
    aloneReason,
    url: changePageOf(id, 'nl', publicUrl),
  };
}
