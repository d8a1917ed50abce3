/** The pages of the registry, for its editors. */
import type { App, Deps } from '../../deps.ts';
import { checksPage } from './checks.ts';
import { deskDatePage } from './dates/one.ts';
import { entryPages } from './editions/entry.ts';
import { editionsPage } from './editions/list.ts';
import { editionPage } from './editions/one.ts';
import { previewPage } from './editions/preview/page.ts';
import { addDocumentPage } from './documents/add.ts';
import { documentCardPage } from './documents/card.ts';
import { documentsPage } from './documents/list.ts';
import { readingPage } from './documents/reading.ts';
import { insurerFormPages } from './insurers/form.ts';
import { insurersPage } from './insurers/list.ts';
import { purchaserLinksPage } from './insurers/purchasers.ts';
import { readerReportsPage } from './reader-reports.ts';
import { workPage } from './work.ts';

export function deskPages(deps: Deps) {
  return async (app: App) => {
    workPage(app, deps);
    insurersPage(app, deps);
    insurerFormPages(app, deps);
    purchaserLinksPage(app, deps);
    checksPage(app, deps);
    deskDatePage(app, deps);
    editionsPage(app, deps);
    editionPage(app, deps);
    previewPage(app, deps);
    entryPages(app, deps);
    documentsPage(app, deps);
    addDocumentPage(app, deps);
    readingPage(app, deps);
    documentCardPage(app, deps);
    readerReportsPage(app, deps);
  };
}
