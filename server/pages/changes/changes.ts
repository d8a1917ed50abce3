/** What changed in the registry, for all: the list, a page for each change, and feeds of both. */
import type { App, Deps } from '../../deps.ts';
import { servePage } from '../page.ts';
import { changeText, readChange } from './change.ts';
import { feedRoutes } from './feeds.ts';
import { listText } from './list.ts';

export function changePages(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, '/wijzigingen', (ask) => listText(ask, deps), { restsOn: 'registry' });
    servePage(
      app,
      deps,
      '/wijzigingen/:changeId',
      async (ask) => {
        const content = await readChange(deps, ask);
        return content && changeText(ask, content);
      },
      { restsOn: 'registry' },
    );
    await app.register(feedRoutes(deps));
  };
}
