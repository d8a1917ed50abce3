/** The insurers, for who keeps what the registry says of them. */
import { compareNames } from '../../../../calendars/collation.ts';
import { listInsurers } from '../../../../db/registry/insurers.ts';
import type { App, Deps } from '../../../deps.ts';
import { html } from '../../html.ts';
import { buttonLink } from '../../parts/button.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { serveEditorPage } from '../../session/guards.ts';
import { deskPath, deskText, say } from '../frame.ts';

export function insurersPage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, deskPath('verzekeraars'), async (ask) => {
    const insurers = (await listInsurers(deps.read)).sort((a, b) => compareNames(a.name, b.name, 'nl'));
    const content = html`<p>${buttonLink(pageAddress(ask, deskPath('verzekeraars', 'nieuw')), say('papers:insurers.add'), 'primary')}</p>
      ${insurers.length === 0 ? html`<p>${say('papers:insurers.none')}</p>` : ''}
      <ul class="insurer-list">
        ${insurers.map(
          ({ contacts, kind, name, slug }) =>
            html`<li>
              <h2><a href="${pageAddress(ask, deskPath('verzekeraars', slug, 'gegevens'))}">${name}</a></h2>
              <p>${say(`papers:kind.${kind}`)}, ${say('papers:insurers.contacts', { count: contacts.length })}</p>
            </li>`,
        )}
      </ul>`;
    return deskText(ask, { page: 'verzekeraars', title: say('papers:insurers.title'), lead: say('papers:insurers.lead'), content });
  });
}
