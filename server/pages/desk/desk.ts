/** The pages of the registry, for its editors. */
import type { App, Deps } from '../../deps.ts';
import { checksPage } from './checks.ts';
import { insurerFormPages } from './insurers/form.ts';
import { insurersPage } from './insurers/list.ts';
import { readerReportsPage } from './reader-reports.ts';
import { workPage } from './work.ts';

export function deskPages(deps: Deps) {
  return async (app: App) => {
    workPage(app, deps);
    insurersPage(app, deps);
    insurerFormPages(app, deps);
    checksPage(app, deps);
    readerReportsPage(app, deps);
  };
}
