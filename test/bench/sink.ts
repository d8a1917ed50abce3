/** A mail server in a process of its own that takes everything: for measuring who sends. */
import { startRawSink } from '../faults/sink.ts';

const sink = await startRawSink({ pipelining: true });
console.log(sink.url);
setInterval(() => sink.taken.splice(0), 100);
