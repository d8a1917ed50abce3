/** The way to the page where one enrols, with what was chosen before it. */
import type { Deps } from '../../deps.ts';
import type { PageAsk } from '../page.ts';
import { pageAddress } from '../parts/page-link.ts';

/** What is taken along: words of the page that it was chosen on. */
interface Chosen {
  role?: string | null;
  insurers?: readonly string[];
  status?: string;
}

/** Its address; null where nobody is let in who comes by a link. */
export function enrolAddress(
  ask: Pick<PageAsk, 'language' | 'reply'>,
  { signUp }: Pick<Deps, 'signUp'>,
  { insurers = [], role, status }: Chosen = {},
): string | null {
  if (signUp !== 'open') return null;
  const query = new URLSearchParams({
    ...(role ? { role } : {}),
    ...(insurers.length > 0 ? { insurer: insurers.join(',') } : {}),
    ...(status ? { status } : {}),
  });
  // A comma may stand in a query as it is, and is read more easily.
  return pageAddress(ask, '/aanmelden') + (query.size === 0 ? '' : `?${query.toString().replaceAll('%2C', ',')}`);
}
