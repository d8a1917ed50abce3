/** Whether people can enrol and sign in here: it takes somebody who answers for it, and an address by which no cookie leaks. */
import type { SignUp } from '../db/people/sign-up.ts';
import type { Config } from './config.ts';
import { isLoopback } from './loopback.ts';

type Place = Pick<Config, 'host' | 'operator' | 'publicUrl' | 'signUp'>;

/** Who may enrol: as SIGN_UP says, but nobody where others reach the service and it is not said who runs it, or where nobody could sign in. */
export function signUpAt(place: Place): SignUp {
  return (place.operator === null && !isLocal(place)) || !canSignIn(place) ? 'closed' : place.signUp;
}

/** Whether there is signing in: the cookies of it go by https alone, or stay on this machine. */
export function canSignIn({ publicUrl }: Pick<Place, 'publicUrl'>): boolean {
  const { hostname, protocol } = new URL(publicUrl);
  return protocol === 'https:' || isLoopback(hostname);
}

/** Whether mails may be shown to whoever opens a page: they are files, and only this machine reaches the service. They hold codes to sign in. */
export function showsOutbox(place: Pick<Config, 'host' | 'mailUrl' | 'publicUrl'>): boolean {
  return place.mailUrl.startsWith('file:') && isLocal(place);
}

/** A line for each that is not so though it was meant to be. */
export function doubtsAboutAccess(place: Place): string[] {
  if (!canSignIn(place))
    return [`PUBLIC_URL: nobody can sign in or enrol at ${place.publicUrl}, which is neither https nor this machine alone`];
  return place.signUp !== 'closed' && signUpAt(place) === 'closed'
    ? ['SIGN_UP: nobody can enrol until OPERATOR_NAME and OPERATOR_ADDRESS say who runs the service']
    : [];
}

/** Whether only this machine reaches it, by its own address and by the one that is told. */
function isLocal({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): boolean {
  return isLoopback(host) && isLoopback(new URL(publicUrl).hostname);
}
