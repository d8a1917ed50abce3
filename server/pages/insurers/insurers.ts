/** The pages of insurers: all of them, one in a contract year, and what to say where there is none. */
import { AppError } from '../../../calendars/errors.ts';
import type { App, Deps } from '../../deps.ts';
import { wantsPage } from '../fault.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { yearsOf, readInsurerYear } from './insurer-year.ts';
import { listText, readLines } from './list.ts';
import { unknownInsurerText, unknownYearText } from './unknown.ts';
import { yearText } from './year.ts';

export function insurerPages(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, '/verzekeraars', async (ask) => listText(ask, await readLines(deps)), { restsOn: 'registry' });
    for (const path of ['/verzekeraars/:slug', '/verzekeraars/:slug/:jaar'])
      servePage(app, deps, path, async (ask) => answer(deps, ask), { restsOn: 'registry' });
  };
}

async function answer(deps: Deps, ask: PageAsk): Promise<PageText> {
  const { slug, jaar } = ask.request.params as { slug: string; jaar?: string };
  const content = await readInsurerYear(deps, slug);
  if (content === null) {
    const { names } = await deps.cache.refresh();
    return notFound(ask, 'No such insurer.', unknownInsurerText(ask, names));
  }
  const year = yearsOf(content).find((one) => String(one) === (jaar ?? String(content.bought)));
  if (year === undefined) return notFound(ask, 'Nothing is known of this insurer for that contract year.', unknownYearText(ask, content));
  return yearText(ask, content, year, deps.publicUrl);
}

/** People get the page, programs a problem. */
function notFound({ reply, request }: PageAsk, message: string, text: PageText): PageText {
  if (!wantsPage(request)) throw new AppError('not_found', message);
  reply.code(404);
  return text;
}
