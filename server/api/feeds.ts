/** An organisation's feeds: named secret links to its calendar. */
import { Type, type Static } from 'typebox';
import { createFeed, deleteFeed, listFeeds, type Feed } from '../../db/feeds.ts';
import { itselfOnly } from '../auth.ts';
import type { App, Deps } from '../deps.ts';
import { closed, Done, ListOf, MomentSchema, OrganisationPath, pageOf, PageQuery, problems, withKey } from './shapes.ts';

export const FeedInput = Type.Object(
  { label: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'What you call it; only you see it' }) },
  closed,
);
const shown = { id: Type.String({ format: 'uuid' }), label: Type.String(), createdAt: MomentSchema };
const FeedView = Type.Object(shown, { ...closed, title: 'Feed' });
const NewFeedView = Type.Object(
  { ...shown, url: Type.String({ format: 'uri', description: 'The secret link: only now, it is not kept' }) },
  { ...closed, title: 'NewFeed' },
);

const params = Type.Object(OrganisationPath, closed);
const tags = ['Feeds'];

export function feedRoutes(deps: Deps) {
  const { store, clock, ring, publicUrl } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/feeds',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createFeed',
          summary: 'Makes a feed; its secret link is shown this once',
          params,
          body: FeedInput,
          response: { 201: NewFeedView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body, log }, reply) => {
        const { token, ...feed } = await store.write((tx) => createFeed(tx, params.id, body, clock()));
        ring();
        await prepare(deps, token, log);
        return reply.code(201).send({ ...feedView(feed), url: `${publicUrl}/feeds/${token}.ics` });
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
      async ({ params, query }) => pageOf((await listFeeds(store.read, params.id)).map(feedView), query),
    );

    app.delete(
      '/organisations/:id/feeds/:feedId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'deleteFeed',
          summary: 'Ends a feed: its link leads nowhere from now on, the others stay',
          params: Type.Object({ ...OrganisationPath, feedId: Type.String({ format: 'uuid' }) }, closed),
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await store.write((tx) => deleteFeed(tx, params.id, params.feedId));
        ring();
        return reply.code(204).send(null);
      },
    );
  };
}

/** The first poll finds the bytes ready. When they cannot be made yet the link is given all the same: it is shown only once. */
async function prepare({ feeds, clock }: Deps, token: string, log: App['log']) {
  try {
    const edition = await feeds.feedFor(token, clock());
    await edition?.body('gzip');
  } catch (error) {
    log.error({ err: error }, 'a new feed is not ready yet');
  }
}

function feedView({ id, label, createdAt }: Feed): Static<typeof FeedView> {
  return { id, label, createdAt: createdAt.toISOString() };
}
