import { expect, it } from 'vitest';
import { canSignIn, doubtsAboutAccess, signUpAt } from '../../server/access.ts';
import { readConfig } from '../../server/config.ts';

const OPERATOR = { OPERATOR_NAME: 'Stichting Regio', OPERATOR_ADDRESS: 'Kerkstraat 1, 2311 AA Leiden' };
const at = (env: Record<string, string>) => readConfig(env);
const NOBODY = ['SIGN_UP: nobody can enrol until OPERATOR_NAME and OPERATOR_ADDRESS say who runs the service'];

it.each([
  [{}, 'open', []],
  [{ HOST: '::1' }, 'open', []],
  [{ HOST: 'localhost', PUBLIC_URL: 'http://localhost:3000' }, 'open', []],
  [{ SIGN_UP: 'invited' }, 'invited', []],
  [{ SIGN_UP: 'closed' }, 'closed', []],
  [{ PUBLIC_URL: 'https://kalender.example' }, 'closed', NOBODY],
  // A proxy in front leads others here, though the service listens to this machine alone.
  [{ HOST: '127.0.0.1', PUBLIC_URL: 'https://kalender.example', SIGN_UP: 'invited' }, 'closed', NOBODY],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:3000' }, 'closed', NOBODY],
  [{ PUBLIC_URL: 'https://kalender.example', SIGN_UP: 'closed' }, 'closed', []],
  [{ PUBLIC_URL: 'https://kalender.example', ...OPERATOR }, 'open', []],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://kalender.example', ...OPERATOR, SIGN_UP: 'invited' }, 'invited', []],
  [
    { PUBLIC_URL: 'http://127.0.0.1.evil.example', ...OPERATOR },
    'closed',
    [expect.stringMatching(/^PUBLIC_URL: nobody can sign in or enrol at http/)],
  ],
])('with %o who may enrol is %s', (env, signUp, doubts) => {
  expect([signUpAt(at(env)), doubtsAboutAccess(at(env))]).toEqual([signUp, doubts]);
});

it('lets people sign in by https, or on this machine', () => {
  const urls = [
    'https://kalender.example',
    'http://localhost:3000',
    'http://127.0.0.1:3000/zorg',
    'http://[::1]:3000',
    'http://kalender.example',
  ];
  expect(urls.map((publicUrl) => canSignIn({ publicUrl }))).toEqual([true, true, true, true, false]);
});

it('says what SIGN_UP may be, and that a name and an address belong together', () => {
  expect(() => at({ SIGN_UP: 'maybe' })).toThrow('SIGN_UP must be open, invited or closed');
  expect(() => at({ OPERATOR_NAME: 'Stichting Regio' })).toThrow(
    'OPERATOR_ADDRESS must be given too, where it is said who runs the service',
  );
  expect(at(OPERATOR).operator).toEqual({ name: 'Stichting Regio', address: 'Kerkstraat 1, 2311 AA Leiden' });
});
