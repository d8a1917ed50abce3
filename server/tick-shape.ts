/** Keeps V8 fast at what Node does in every answer. */
import { createHook } from 'node:async_hooks';

let kept: object | undefined;

/**
 * Holds on to one of the objects that `process.nextTick` makes. They all die young, so that a full collection may find none: V8 then forgets what
 * they look like, and makes each one after it by its slowest way, which is a sixth of the work of a poll.
 */
export function keepTickShape(): void {
  if (kept) return;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TickObject') kept ??= resource;
    },
  }).enable();
  process.nextTick(() => {});
  hook.disable();
}
