/** What a form did, as the page that it leads on to says: it stands in the address, signed for this session, since an address alone is no word of ours. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Onward } from '../page.ts';
import type { PersonalAsk } from './guards.ts';
import { readOnward } from './onward.ts';
import type { SignedIn } from './session.ts';

const NAME = 'gedaan';
/** So long it is said again to who loads the page anew. */
const HOLDS_MS = 5 * 60_000;

/** Leads on to a page of the site map, which says that something was done. Opening that again does nothing. */
export function onwardSaying({ signedIn }: Pick<PersonalAsk, 'signedIn'>, path: string, done: string): Onward {
  const until = (signedIn.askedAt.getTime() + HOLDS_MS).toString(36);
  return { onward: `${path}?${NAME}=${done}.${until}.${signature(signedIn, { path, done, until })}` };
}

/** Which of what may be said was done just now, in this session and with this page; null where nothing was, whatever the address claims. */
export function saidOf<Done extends string>(
  { request, signedIn }: Pick<PersonalAsk, 'request' | 'signedIn'>,
  dones: readonly Done[],
): Done | null {
  if (request.method !== 'GET') return null;
  const [path = '', query = ''] = readOnward(request.url)?.split('?') ?? [];
  const [claimed = '', until = '', given = ''] = new URLSearchParams(query).get(NAME)?.split('.') ?? [];
  const done = dones.find((one) => one === claimed);
  if (done === undefined || !(Number.parseInt(until, 36) > signedIn.askedAt.getTime())) return null;
  const [actual, expected] = [Buffer.from(given), Buffer.from(signature(signedIn, { path, done, until }))];
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? done : null;
}

/** By what the forms of the session bring along: nobody else knows it. */
function signature({ formToken }: SignedIn, { done, path, until }: { path: string; done: string; until: string }): string {
  return createHmac('sha256', formToken).update(`said:${path}:${done}:${until}`).digest('base64url').slice(0, 22);
}
