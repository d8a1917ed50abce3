/** Whether the process lives, whether it can do its work, and whether mail is delivered: for those who watch over it. */
import { Type } from '../../calendars/schema/typebox.ts';
import { readSetting } from '../../db/store/settings.ts';
import { serviceOf } from '../../db/store/secrets.ts';
import type { App, Deps } from '../deps.ts';
import { VERSION } from '../version.ts';

/** `service` is the same for all instances of one service, and another one for every other service. */
const Identity = { version: Type.String(), service: Type.String() };
const Live = Type.Object({ status: Type.Literal('live'), ...Identity });
const Ready = Type.Object({ status: Type.Enum(['ready', 'not_ready']), reasons: Type.Array(Type.String()), ...Identity });

/** The first answer of a start is one of these: it need not load what packs. */
const UNPACKED = { compress: false } as const;

export function healthRoutes({ read, ready, delivery, secret }: Pick<Deps, 'read' | 'ready' | 'delivery' | 'secret'>) {
  const identity = { version: VERSION, service: serviceOf(secret) };
  return async (app: App) => {
    app.get('/health/live', { ...UNPACKED, schema: { response: { 200: Live } } }, async () => ({
      status: 'live' as const,
      ...identity,
    }));

    /** Answers whether nothing speaks against it. Where the database does not answer, nobody knows. */
    const answerAt = (url: string, find: () => Promise<string[]>) =>
      app.get(url, { ...UNPACKED, schema: { response: { 200: Ready, 503: Ready } } }, async (request, reply) => {
        const reasons = await find().catch((error: unknown) => {
          request.log.error({ err: error }, 'not ready');
          return ['The database does not answer.'];
        });
        if (reasons.length > 0) return reply.code(503).send({ status: 'not_ready', reasons, ...identity });
        return reply.send({ status: 'ready', reasons, ...identity });
      });

    answerAt('/health/ready', async () => {
      await readSetting(read, 'ready');
      return ready?.() ?? [];
    });
    answerAt('/health/delivery', async () => (await delivery?.()) ?? []);
  };
}
