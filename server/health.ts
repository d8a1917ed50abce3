/** Whether the process lives, and whether it can do its work: for those who watch over it. */
import { Type } from '../calendars/typebox.ts';
import { readSetting } from '../db/versions.ts';
import type { App, Deps } from './deps.ts';

const Ready = Type.Object({ status: Type.Enum(['ready', 'not_ready']), reasons: Type.Array(Type.String()) });

export function healthRoutes(deps: Deps) {
  return async (app: App) => {
    app.get('/health/live', { schema: { response: { 200: Type.Object({ status: Type.Literal('live') }) } } }, async () => ({
      status: 'live' as const,
    }));

    app.get('/health/ready', { schema: { response: { 200: Ready, 503: Ready } } }, async (request, reply) => {
      const reasons = await reasonsAgainst(deps, request.log);
      if (reasons.length > 0) return reply.code(503).send({ status: 'not_ready', reasons });
      return reply.send({ status: 'ready', reasons });
    });
  };
}

async function reasonsAgainst({ store, ready }: Deps, log: App['log']): Promise<string[]> {
  try {
    await readSetting(store.read, 'ready');
    return (await ready?.()) ?? [];
  } catch (error) {
    log.error({ err: error }, 'not ready');
    return ['The database does not answer.'];
  }
}
