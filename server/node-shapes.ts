/** Keeps V8 fast at what Node does in every answer: objects of one kind that look different to V8 cost it a tenth of a poll and more. */
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
 * Gives a new connection what Node adds later: a time-out with the first answer, and the caller's address once somebody asks for it. In whichever
 * order these came, V8 saw another kind of socket, and with the fifth kind everything that touches a socket becomes slow.
 */
export function keepSocketShape(socket: Socket): void {
  socket.setTimeout(socket.timeout ?? 0);
  void socket.remoteAddress;
}
