/** Keeps V8 fast at what Node does in every answer: objects of one kind that look different to V8 cost a tenth of a poll or more. */
import { createHook } from 'node:async_hooks';
import type { Socket } from 'node:net';

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

/**
 * Gives a new connection the caller's address, which Node looks up when somebody first asks for it: before or after it sets a time-out with the
 * first answer, or never. Each was another kind of socket to V8, and from the fifth kind on everything that touches a socket is slow.
 */
export function keepSocketShape(socket: Socket): void {
  void socket.remoteAddress;
}
