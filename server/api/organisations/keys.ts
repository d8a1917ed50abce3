/** An organisation's keys: a list without the keys themselves, and making, replacing and revoking them. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { createKey, listKeys, revokeKey, rotateKey } from '../../../db/organisations/keys.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { DEFAULT_ROTATION, KeyInput, KeyRotation, keyView, KeyView, NewKeyView, rotatedKeyView, RotatedKeyView } from '../key-shapes.ts';
import { closed, Done, Id, ListOf, OrganisationPath, pageOf, PageQuery, problems, withKey } from '../shapes.ts';

const params = Type.Object(OrganisationPath, closed);
const keyParams = Type.Object({ ...OrganisationPath, keyId: Id('The key') }, closed);
const tags = ['Keys'];

export function keyRoutes(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    app.get(
      '/organisations/:id/keys',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listKeys',
          summary: "The organisation's keys that work, oldest first; never the keys themselves",
          description: 'With the hour in which each was used last, so that one that nobody uses can be revoked.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(KeyView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => pageOf((await listKeys(read, params.id, clock())).map(keyView), query),
    );

    app.post(
      '/organisations/:id/keys',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createKey',
          summary: 'Makes another key, shown this once; at most 50 work',
          description: 'One for each program or person that asks, so that each can be revoked by itself.',
          params,
          body: KeyInput,
          response: { 201: NewKeyView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const { key, ...made } = await change((tx) => createKey(tx, params.id, body.label, clock()));
        return reply.code(201).send({ ...keyView(made), key });
      },
    );

    app.post(
      '/organisations/:id/keys/:keyId/rotation',
      {
        onRequest: itselfOnly(deps),
        preValidation: async (request) => void (request.body ??= DEFAULT_ROTATION),
        schema: {
          tags,
          security: withKey,
          operationId: 'rotateKey',
          summary: 'Makes the key that takes the place of this one, shown this once; this one still works for a while',
          description: 'The new one has the same label. 409 where this one was replaced already, or where 50 work.',
          params: keyParams,
          body: KeyRotation,
          response: { 201: RotatedKeyView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const rotated = await change((tx) => rotateKey(tx, params.id, params.keyId, body, clock()));
        return reply.code(201).send(rotatedKeyView(rotated));
      },
    );

    app.delete(
      '/organisations/:id/keys/:keyId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'revokeKey',
          summary:
            'Ends a key, also the one that asks: the next request with it is refused, on every instance. The last one that stays cannot',
          description: 'No instance takes it any more. 409 where no other one would stay: nobody could make another then.',
          params: keyParams,
          response: { 204: Done, ...problems(401, 404, 409) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => revokeKey(tx, params.id, params.keyId, { keepsOne: true }, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
