/** An organisation's feeds: named secret links to its calendar. */
import { Type, type Static, type TSchema } from '../../../calendars/schema/typebox.ts';
import { CertaintySchema, DatedKindSchema, LanguageSchema, ReaderSchema } from '../../../calendars/schema/words.ts';
import { DaySchema, Nullable } from '../../../calendars/deadlines/deadline.ts';
import { DEFAULT_CHOICES } from '../../../calendars/ics/feed-choices.ts';
import { CERTAINTIES, DATED_KINDS, READERS } from '../../../calendars/terms.ts';
import { changeFeed, createFeed, deleteFeed, listFeeds, rotateFeed, type ListedFeed } from '../../../db/feeds/feeds.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import {
  closed,
  defaulted,
  described,
  Done,
  Id,
  ListOf,
  named,
  MomentSchema,
  OrganisationPath,
  pageOf,
  PageQuery,
  problems,
  Slug,
  withKey,
} from '../shapes.ts';

const Label = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'What you call it; only you see it',
  examples: ['Agenda kantoor'],
});
const someOf = <T extends TSchema>(word: T, { length }: readonly string[]) =>
  Nullable(Type.Array(word, { minItems: 1, maxItems: length, uniqueItems: true }));

const choices = {
  insurers: {
    ...Nullable(Type.Array(Slug, { minItems: 1, maxItems: 100, uniqueItems: true })),
    examples: [['zorg-en-zekerheid', 'sector']],
    description: 'Whose deadlines, by slug; "sector" stands for those of no insurer. Null: all that you deal with',
  },
  roles: { ...someOf(ReaderSchema, READERS), description: 'Only what concerns you as one of these. Null: everything that concerns you' },
  certainty: { ...someOf(CertaintySchema, CERTAINTIES), description: 'Only dates that are as certain as this. Null: all' },
  kinds: {
    ...someOf(DatedKindSchema, DATED_KINDS),
    description: 'Only what is of one of these kinds. Null: deadlines and the ends of windows. A requirement has no day',
  },
  alarms: Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), {
    maxItems: 5,
    uniqueItems: true,
    examples: [[14, 1]],
    description: 'How many days before the last safe day, at 09:00, your app may sound an alarm. Many apps never do',
  }),
  language: { ...Nullable(LanguageSchema), description: "Null: the organisation's own" },
  showCompleted: Type.Boolean({ description: 'Whether what you completed is marked as done', examples: [true] }),
};

export const FeedInput = named(
  'FeedInput',
  Type.Object(
    {
      label: Label,
      insurers: defaulted(choices.insurers, DEFAULT_CHOICES.insurers),
      roles: defaulted(choices.roles, DEFAULT_CHOICES.roles),
      certainty: defaulted(choices.certainty, DEFAULT_CHOICES.certainty),
      kinds: defaulted(choices.kinds, DEFAULT_CHOICES.kinds),
      alarms: defaulted(choices.alarms, DEFAULT_CHOICES.alarms),
      language: defaulted(choices.language, DEFAULT_CHOICES.language),
      showCompleted: defaulted(choices.showCompleted, DEFAULT_CHOICES.showCompleted),
    },
    closed,
  ),
  'What a feed is called and what it shows',
);
const FeedChange = named(
  'FeedChange',
  Type.Partial(Type.Object({ label: Label, ...choices }), { ...closed, minProperties: 1 }),
  'What a feed is to be called or to show; what is not given stays',
  { showCompleted: false },
);
const OVERLAP_DAYS = 7;
const RotationInput = named(
  'RotationInput',
  Type.Object(
    {
      overlapDays: Type.Integer({
        minimum: 0,
        maximum: 90,
        default: OVERLAP_DAYS,
        examples: [OVERLAP_DAYS],
        description: 'How long the old link still works, with a notice in the calendar that it will stop',
      }),
    },
    closed,
  ),
  'How the old link ends',
);

const shown = {
  id: Id('The feed'),
  label: Label,
  ...choices,
  createdAt: described(MomentSchema, 'When it was made, in UTC', '2024-09-02T08:00:00.000Z'),
  formerLinkEndsAt: described(Nullable(MomentSchema), 'Until when a link that was replaced still works; null when none does'),
  lastFetchedOn: {
    ...Nullable(DaySchema),
    description: 'The last day on which an app fetched it, known within the hour; null when none did',
  },
  client: described(
    Nullable(Type.String({ examples: ['Google Calendar'] })),
    'The family of apps that it belongs to; null when none fetched it yet',
  ),
};
const FeedView = named('Feed', Type.Object(shown, closed), 'A secret link to the calendar of the organisation, without the link itself');
const NewFeedView = named(
  'NewFeed',
  Type.Object(
    {
      ...shown,
      url: Type.String({
        format: 'uri',
        description: 'The secret link: only now, it is not kept',
        examples: ['https://kalender.example.org/feeds/fd_3xampl3.ics'],
      }),
    },
    closed,
  ),
  'A feed with its secret link, which is shown this once',
);

const params = Type.Object(OrganisationPath, closed);
const feedParams = Type.Object({ ...OrganisationPath, feedId: Id('The feed') }, closed);
const tags = ['Feeds'];

export function feedRoutes(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/feeds',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createFeed',
          summary: 'Makes a feed; its secret link is shown this once, and stays the same whatever is chosen later',
          description:
            'Who has the link can read the calendar. What is not given: all that concerns the organisation, without alarms, in its own language. ' +
            '409 where there are 50 already.',
          params,
          body: FeedInput,
          response: { 201: NewFeedView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body, log }, reply) => {
        const { token, ...feed } = await change((tx) => createFeed(tx, params.id, body, clock()));
        await prepare(deps, token, log);
        return reply.code(201).send({ ...feedView(feed), url: urlOf(deps, token) });
      },
    );

    app.get(
      '/organisations/:id/feeds',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listFeeds',
          summary: "The organisation's feeds without their links, oldest first",
          description: 'With the last day on which each was fetched, and by which family of apps; no addresses are kept.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(FeedView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => pageOf((await listFeeds(read, params.id, clock())).map(feedView), query),
    );

    app.patch(
      '/organisations/:id/feeds/:feedId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'changeFeed',
          summary: 'Changes what a feed shows, or what you call it; its link stays, and what is not given stays',
          description: 'Apps see the change when they fetch next.',
          params: feedParams,
          body: FeedChange,
          response: { 200: FeedView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }) => {
        const changed = await change((tx) => changeFeed(tx, params.id, params.feedId, body, clock()));
        return feedView(changed);
      },
    );

    app.post(
      '/organisations/:id/feeds/:feedId/rotation',
      {
        onRequest: itselfOnly(deps),
        // All of it has a default, so that a call without a body is one with an empty object.
        preValidation: async (request) => void (request.body ??= { overlapDays: OVERLAP_DAYS }),
        schema: {
          tags,
          security: withKey,
          operationId: 'rotateFeed',
          summary: 'Gives a feed a new secret link, shown this once; the old one still works for a while and says so',
          description: 'For a link that got into the wrong hands. With overlapDays 0 the old link stops at once.',
          params: feedParams,
          body: RotationInput,
          response: { 201: NewFeedView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body, log }, reply) => {
        const { token, ...feed } = await change((tx) => rotateFeed(tx, params.id, params.feedId, body, clock()));
        await prepare(deps, token, log);
        return reply.code(201).send({ ...feedView(feed), url: urlOf(deps, token) });
      },
    );

    app.delete(
      '/organisations/:id/feeds/:feedId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'deleteFeed',
          summary: 'Ends a feed: its links stop at once, the others stay',
          description: 'Apps that are subscribed find no calendar there any more. It cannot be taken back.',
          params: feedParams,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => deleteFeed(tx, params.id, params.feedId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

/** The first poll finds the bytes ready. When they cannot be made yet the link is given all the same: it is shown only once. */
async function prepare({ feeds, clock }: Deps, token: string, log: App['log']) {
  try {
    await feeds.prepare(token, clock());
  } catch (error) {
    log.error({ err: error }, 'a new feed is not ready yet');
  }
}

const urlOf = ({ publicUrl }: Pick<Deps, 'publicUrl'>, token: string) => `${publicUrl}/feeds/${token}.ics`;

function feedView(feed: ListedFeed): Static<typeof FeedView> {
  const { createdAt, formerLinkEndsAt, ...same } = feed;
  return { ...same, createdAt: createdAt.toISOString(), formerLinkEndsAt: formerLinkEndsAt?.toISOString() ?? null };
}
