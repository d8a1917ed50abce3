/** Who is asking: keys as `Authorization: Bearer …`, and who may do what with them. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../calendars/errors.ts';
import type { Bearer } from '../../db/organisations/keys.ts';
import { ENVIRONMENT } from '../../db/organisations/key-uses.ts';
import { digestOf } from '../../db/store/secrets.ts';
import type { Deps } from '../deps.ts';

/** A hook for `onRequest`: it runs before a body is read. */
type Guard = (request: FastifyRequest) => Promise<void>;

/** Lets in an editor of the registry. Throws `unauthorized` or `forbidden`. */
export function editorOnly(deps: Deps): Guard {
  return async (request) => {
    const { bearer, keyId } = await holderOf(deps, request);
    if (bearer.kind !== 'editor') throw new AppError('forbidden', 'Only an editor of the registry may do this.');
    editors.set(request, `key:${keyId}`);
  };
}

/** The editor who was let in, as the audit names one. */
export function editorOf(request: FastifyRequest): string {
  const editor = editors.get(request);
  if (editor === undefined) throw new Error('a route that only an editor may call has to say so');
  return editor;
}

const editors = new WeakMap<FastifyRequest, string>();

/** Lets in the organisation that the path names as `id`, and nobody else: another's id answers `not_found`, as an unknown one does. */
export function itselfOnly(deps: Deps): Guard {
  return async (request) => {
    const { bearer } = await holderOf(deps, request);
    const { id } = request.params as { id: string };
    if (bearer.kind !== 'organisation' || bearer.organisationId !== id) throw new AppError('not_found', 'No such organisation.');
  };
}

async function holderOf(deps: Deps, request: FastifyRequest): Promise<{ keyId: string; bearer: Bearer }> {
  const [, key] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '') ?? [];
  const now = deps.clock();
  const holder = key === undefined ? null : isEditorKey(deps, key) ? FROM_ENVIRONMENT : await deps.cache.holder(key, now);
  if (!holder) throw new AppError('unauthorized', 'A valid key is needed, as "Authorization: Bearer ik_…".');
  deps.keyUses.note(holder.keyId, now);
  return holder;
}

const FROM_ENVIRONMENT = { keyId: ENVIRONMENT, bearer: { kind: 'editor' } } as const;

function isEditorKey({ editorKey }: Deps, key: string): boolean {
  return editorKey !== null && timingSafeEqual(Buffer.from(digestOf(editorKey)), Buffer.from(digestOf(key)));
}
