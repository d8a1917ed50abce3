/** The pages of the registry, for its editors. */
import type { App, Deps } from '../../deps.ts';
import { checksPage } from './checks.ts';
import { entryPages } from './editions/entry.ts';
import { editionsPage } from './editions/list.ts';
import { editionPage } from './editions/one.ts';
import { readerReportsPage } from './reader-reports.ts';
import { workPage } from './work.ts';

export function deskPages(deps: Deps) {
  return async (app: App) => {
    workPage(app, deps);
    checksPage(app, deps);
    editionsPage(app, deps);
    editionPage(app, deps);
    entryPages(app, deps);
    readerReportsPage(app, deps);
  };
}
