/** The headers that answers of the API have beside those of every HTTP answer, as the API's document names them. */
import type { TSchema } from '../../calendars/schema/typebox.ts';

interface Header {
  description: string;
  schema: { type: 'string' | 'integer'; examples: readonly unknown[] };
}

const text = (description: string, ...examples: string[]): Header => ({ description, schema: { type: 'string', examples } });
const count = (description: string, example: number): Header => ({ description, schema: { type: 'integer', examples: [example] } });

export const HEADERS = {
  'API-Version': text('The version of the API that answered', '1.0.0'),
  'Cache-Control': text('Who may keep the answer: nobody, or the asker who asks anew each time', 'no-store', 'private, no-cache'),
  'RateLimit-Limit': count('How many calls one address may make in a minute', 600),
  'RateLimit-Remaining': count('How many of these are left', 599),
  'RateLimit-Reset': count('In how many seconds the count begins anew', 60),
  'Retry-After': count('After how many seconds to try again', 5),
  'WWW-Authenticate': text('How to show a key', 'Bearer'),
  Location: text('Where what was made is found', '/api/v1/deadlines/96e0ae4c-9c06-4b58-a0f8-9b8bb9a5f3a1'),
  ETag: text('What the list rests on: give it back as If-None-Match, and an unchanged list is not sent again', 'W/"1.0.0-3-12"'),
  Accept: text('Which type of body is taken, where that was wrong', 'application/json'),
  'Accept-Encoding': text('Which coding of a body is taken, where that was wrong', 'identity'),
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof HEADERS;

/** The schema of an answer that has more headers than its status alone says. */
export function withHeaders<T extends TSchema>(schema: T, ...headers: HeaderName[]): T {
  return { ...schema, headers };
}

/** Which headers an answer has by its status, whatever was asked. */
export function headersFor(status: number): HeaderName[] {
  return ['API-Version', 'Cache-Control', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', ...(OF_STATUS[status] ?? [])];
}

const OF_STATUS: Record<number, HeaderName[]> = {
  401: ['WWW-Authenticate'],
  415: ['Accept', 'Accept-Encoding'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};
