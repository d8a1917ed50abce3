/** What a browser without script does: real HTTP, and cookies that it keeps. */
import { randomUUID } from 'node:crypto';
import { textOf } from './page-text.ts';

interface Shown {
  status: number;
  body: string;
  /** What can be read of it. */
  text: string;
  headers: Headers;
  /** Where it leads on to; null where it stays. */
  location: string | null;
}

export interface TestBrowser {
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  /** Sends a form as its own page would: with the session's field, unless one is given. */
  post(path: string, fields?: Record<string, string> | [string, string][], headers?: Record<string, string>): Promise<Shown>;
  /** Sends a form that may have a file in it, and nothing else than what it is given. */
  postFile(path: string, form: FormData): Promise<Shown>;
  /** What it keeps, by name. */
  cookies: Map<string, string>;
}

/** By which a form is known to come from a page of ours. */
export const OURS = { 'sec-fetch-site': 'same-origin' };

/** Opens one with nothing in it, before a service that listens at this address. */
export function browserAt(origin: string): TestBrowser {
  const cookies = new Map<string, string>();
  let sessionField = '';
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string | FormData): Promise<Shown> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${origin}${path}`, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    const text = await answer.text();
    sessionField = /name="session" value="([^"]+)"/.exec(text)?.[1] ?? sessionField;
    return { status: answer.status, body: text, text: textOf(text), headers: answer.headers, location: answer.headers.get('location') };
  };
  return {
    cookies,
    get: async (path, headers = {}) => ask('GET', path, headers),
    postFile: async (path, form) => ask('POST', path, OURS, form),
    async post(path, fields = {}, headers = OURS) {
      const form = new URLSearchParams(fields);
      if (!form.has('session') && sessionField !== '') form.set('session', sessionField);
      // A page gives each form that needs one a ticket of its own.
      if (!form.has('ticket')) form.set('ticket', randomUUID());
      return ask('POST', path, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, form.toString());
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  const expires = /Expires=([^;]+)/.exec(line)?.[1];
  if (value === '' || (expires !== undefined && Date.parse(expires) === 0)) cookies.delete(name);
  else cookies.set(name, value);
}
