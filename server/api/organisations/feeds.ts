/** An organisation's feeds: named secret links to its calendar. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { DEFAULT_CHOICES } from '../../../calendars/ics/feed-choices.ts';
import { CERTAINTIES, LANGUAGES, READERS } from '../../../calendars/terms.ts';
import { changeFeed, createFeed, deleteFeed, listFeeds, rotateFeed, type ListedFeed } from '../../../db/feeds/feeds.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, Done, ListOf, MomentSchema, OrganisationPath, pageOf, PageQuery, problems, Slug, withKey } from '../shapes.ts';

const Label = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'What you call it; only you see it' });
const someOf = <T extends string>(words: readonly T[]) =>
  Nullable(Type.Array(OneOf(words), { minItems: 1, maxItems: words.length, uniqueItems: true }));

const choices = {
  insurers: {
    ...Nullable(Type.Array(Slug, { minItems: 1, maxItems: 100, uniqueItems: true })),
    description: 'Whose deadlines, by slug; "sector" stands for those of no insurer. Null: all that you deal with',
  },
  roles: { ...someOf(READERS), description: 'Only what concerns you as one of these. Null: everything that concerns you' },
  certainty: { ...someOf(CERTAINTIES), description: 'Only dates that are as certain as this. Null: all' },
  alarms: Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), {
    maxItems: 5,
    uniqueItems: true,
    description: 'How many days before the last safe day, at 09:00, your app may sound an alarm. Many apps never do',
  }),
  language: { ...Nullable(OneOf(LANGUAGES)), description: "Null: the organisation's own" },
  showCompleted: Type.Boolean({ description: 'Whether what you completed is marked as done' }),
};

export const FeedInput = Type.Object(
  {
    label: Label,
    insurers: defaulted(choices.insurers, DEFAULT_CHOICES.insurers),
    roles: defaulted(choices.roles, DEFAULT_CHOICES.roles),
    certainty: defaulted(choices.certainty, DEFAULT_CHOICES.certainty),
    alarms: defaulted(choices.alarms, DEFAULT_CHOICES.alarms),
    language: defaulted(choices.language, DEFAULT_CHOICES.language),
    showCompleted: defaulted(choices.showCompleted, DEFAULT_CHOICES.showCompleted),
  },
  closed,
);
const FeedChange = Type.Partial(Type.Object({ label: Label, ...choices }), { ...closed, minProperties: 1 });
const OVERLAP_DAYS = 7;
const RotationInput = Type.Object(
  {
    overlapDays: Type.Integer({
      minimum: 0,
      maximum: 90,
      default: OVERLAP_DAYS,
      description: 'How long the old link still works, with a notice in the calendar that it will stop',
    }),
  },
  closed,
);

const shown = {
  id: Type.String({ format: 'uuid' }),
  label: Type.String(),
  ...choices,
  createdAt: MomentSchema,
  formerLinkEndsAt: { ...Nullable(MomentSchema), description: 'Until when a link that was replaced still works; null when none does' },
  lastFetchedOn: {
    ...Nullable(DaySchema),
    description: 'The last day on which an app fetched it, known within the hour; null when none did',
  },
  client: { ...Nullable(Type.String()), description: 'The family of apps that it belongs to, as "Google Calendar"' },
};
const FeedView = Type.Object(shown, { ...closed, title: 'Feed' });
const NewFeedView = Type.Object(
  { ...shown, url: Type.String({ format: 'uri', description: 'The secret link: only now, it is not kept' }) },
  { ...closed, title: 'NewFeed' },
);

const params = Type.Object(OrganisationPath, closed);
const feedParams = Type.Object({ ...OrganisationPath, feedId: Type.String({ format: 'uuid' }) }, closed);
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
          params,
          body: FeedInput,
          response: { 201: NewFeedView, ...problems(400, 401, 404, 413, 415, 429) },
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
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(FeedView), ...problems(400, 401, 404, 429) },
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
          params: feedParams,
          body: FeedChange,
          response: { 200: FeedView, ...problems(400, 401, 404, 413, 415, 429) },
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
          params: feedParams,
          body: RotationInput,
          response: { 201: NewFeedView, ...problems(400, 401, 404, 413, 415, 429) },
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
          params: feedParams,
          response: { 204: Done, ...problems(400, 401, 404, 429) },
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
