/** The keys of the editors, who are one body: each sees and ends those of all. The one in `EDITOR_KEY` is listed, and ends in the environment alone. */
import { Type, type Static } from '../../calendars/schema/typebox.ts';
import { Nullable } from '../../calendars/deadlines/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { ENVIRONMENT, environmentUsedAt } from '../../db/organisations/key-uses.ts';
import { createKey, listKeys, revokeKey, rotateKey } from '../../db/organisations/keys.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { editorOnly } from '../http/auth.ts';
import type { App, Deps } from '../deps.ts';
import { DEFAULT_ROTATION, KeyInput, KeyRotation, keyView, NewKeyView, rotatedKeyView, RotatedKeyView, shownOfKey } from './key-shapes.ts';
import { closed, described, Done, ListOf, MomentSchema, named, pageOf, PageQuery, problems, withKey } from './shapes.ts';

const KeyId = Type.Union([Type.String({ format: 'uuid' }), Type.Literal(ENVIRONMENT)], {
  description: `The key, and no secret; "${ENVIRONMENT}" is the one in EDITOR_KEY, in the environment of the service`,
  examples: [ENVIRONMENT],
});
const EditorKeyView = named(
  'EditorKey',
  Type.Object(
    {
      id: KeyId,
      ...shownOfKey,
      createdAt: described(Nullable(MomentSchema), 'When it was made, in UTC; null where nobody knows: it is the one in EDITOR_KEY'),
    },
    closed,
  ),
  'A key of an editor, without the key itself',
);
const params = Type.Object({ editorKeyId: KeyId }, closed);
const tags = ['Keys'];

/** All of them that work, that of the environment first where there is one. */
export async function listEditorKeys(db: ReadDb, editorKey: string | null, now: Date): Promise<Static<typeof EditorKeyView>[]> {
  const usedAt = await environmentUsedAt(db);
  const ofEnvironment = {
    id: ENVIRONMENT,
    label: 'EDITOR_KEY',
    createdAt: null,
    lastUsedAt: usedAt?.toISOString() ?? null,
    endsAt: null,
  };
  return [...(editorKey === null ? [] : [ofEnvironment]), ...(await listKeys(db, null, now)).map(keyView)];
}

/** Throws `conflict` for the key of the environment. */
export function refuseEnvironment(keyId: string): void {
  if (keyId === ENVIRONMENT)
    throw new AppError(
      'conflict',
      'This key stands in EDITOR_KEY, in the environment of the service: change it there, or take it out, and start the service again.',
    );
}

export function editorKeyRoutes(deps: Deps) {
  const { read, change, clock, editorKey } = deps;
  return async (app: App) => {
    app.get(
      '/editors/keys',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listEditorKeys',
          summary: "The editors' keys that work, oldest first; never the keys themselves",
          description:
            'With the hour in which each was used last, so that one that nobody uses can be revoked. The key in EDITOR_KEY comes first, under the id environment.',
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(EditorKeyView), ...problems(401, 403) },
        },
      },
      async ({ query }) => pageOf(await listEditorKeys(read, editorKey, clock()), query),
    );

    app.post(
      '/editors/keys',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createEditorKey',
          summary: 'Makes a key for an editor, shown this once; at most 50 work',
          description: 'One for each program or person that asks, so that each can be revoked by itself.',
          body: KeyInput,
          response: { 201: NewKeyView, ...problems(401, 403, 409, 413, 415) },
        },
      },
      async ({ body }, reply) => {
        const { key, ...made } = await change((tx) => createKey(tx, null, body.label, clock()));
        return reply.code(201).send({ ...keyView(made), key });
      },
    );

    app.post(
      '/editors/keys/:editorKeyId/rotation',
      {
        onRequest: editorOnly(deps),
        preValidation: async (request) => void (request.body ??= DEFAULT_ROTATION),
        schema: {
          tags,
          security: withKey,
          operationId: 'rotateEditorKey',
          summary: 'Makes the key that takes the place of this one, shown this once; this one still works for a while',
          description:
            'The new one has the same label. 409 where this one was replaced already, or where 50 work. That in EDITOR_KEY is replaced where it stands, and answers 409.',
          params,
          body: KeyRotation,
          response: { 201: RotatedKeyView, ...problems(401, 403, 404, 409, 413, 415) },
        },
      },
      async ({ params: { editorKeyId }, body }, reply) => {
        refuseEnvironment(editorKeyId);
        const rotated = await change((tx) => rotateKey(tx, null, editorKeyId, body, clock()));
        return reply.code(201).send(rotatedKeyView(rotated));
      },
    );

    app.delete(
      '/editors/keys/:editorKeyId',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'revokeEditorKey',
          summary:
            'Ends a key, also the one that asks: the next request with it is refused, on every instance. The last one that stays cannot',
          description:
            'No instance takes it any more. 409 where no other one would stay: nobody could make another then. That in EDITOR_KEY ends where it stands, and answers 409.',
          params,
          response: { 204: Done, ...problems(401, 403, 404, 409) },
        },
      },
      async ({ params: { editorKeyId } }, reply) => {
        refuseEnvironment(editorKeyId);
        await change((tx) => revokeKey(tx, null, editorKeyId, { keepsOne: editorKey === null }, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
