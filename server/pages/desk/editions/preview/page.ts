/** The preview of an edition: who hears of it, what they read, what their calendars show, and what to look at first. Opening it changes nothing. */
import type { Fault } from '../../../../../calendars/errors.ts';
import type { Preview } from '../../../../../db/sending/preview/preview.ts';
import { readCounters } from '../../../../../db/store/counters.ts';
import type { App, Deps } from '../../../../deps.ts';
import { html, type SafeHtml } from '../../../html.ts';
import type { PageText } from '../../../layout.ts';
import { buttonLink } from '../../../parts/button.ts';
import { notice } from '../../../parts/notice.ts';
import { pageAddress } from '../../../parts/page-link.ts';
import { serveEditorPage, type EditorAsk } from '../../../session/guards.ts';
import { deskPath, deskText, personOf, say } from '../../frame.ts';
import { nameOf, readFacts, type EditionFacts } from '../facts.ts';
import { refusedLines } from '../publishing.ts';
import { doubtSection } from './doubts.ts';
import { eventSection } from './events.ts';
import { hearingSection } from './hearing.ts';
import { allowStyles, mailSection } from './mails.ts';
import { openSharing } from './sharing.ts';

const PATH = '/redactie/edities/:id/voorbeeld';

type PreviewDeps = Pick<Deps, 'cache' | 'clock' | 'preview' | 'publicUrl' | 'read'>;

export function previewPage(app: App, deps: PreviewDeps): void {
  const sharing = openSharing<Preview | null>();
  // Other writes wait for a preview: who loads the page again does not make them wait again.
  const share = async ({ edition: { id }, mark }: EditionFacts, by: { by: string; label: string }) => {
    const minute = Math.floor(deps.clock().getTime() / 60_000);
    return sharing(JSON.stringify([id, mark, by, await readCounters(deps.read), minute]), () => deps.preview(id, by));
  };
  serveEditorPage(app, deps, PATH, async (ask) => {
    const facts = await readFacts(deps, (ask.request.params as { id: string }).id);
    if (facts === null) return null;
    const { id, status } = facts.edition;
    // It is public, taken back or thrown away: its own page says so.
    const toEdition = { onward: deskPath('edities', id) };
    if (status !== 'draft') return toEdition;
    if (facts.entries.length === 0) return previewText(ask, facts, refusedPart([say('edition:publish.empty')]));
    const preview = await share(facts, { by: personOf(ask), label: ask.label });
    if (preview === null) return toEdition;
    if (preview.faults !== null) return previewText(ask, facts, refusedPart(linesOf(preview.faults, facts)));
    allowStyles(ask.reply, preview.mails);
    const sections = [doubtSection(ask, preview.doubts), hearingSection(preview.hearing), mailSection(preview)];
    return previewText(ask, facts, html`${sections} ${eventSection(ask, preview.events)}`);
  });
}

const linesOf = (faults: readonly Fault[], facts: EditionFacts) => [...new Set(refusedLines({ faults }, facts))];

function refusedPart(lines: readonly string[]): SafeHtml {
  return html`${notice(say('edition:preview.refused'), 'caution')}
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function previewText(ask: EditorAsk, facts: EditionFacts, content: SafeHtml): PageText {
  const path = pageAddress(ask, deskPath('edities', facts.edition.id));
  const onward = html`<p class="buttons">${buttonLink(`${path}#publish`, say('edition:preview.onward'))}</p>`;
  return deskText(ask, {
    page: 'edities',
    title: say('edition:preview.title', { edition: nameOf(facts) }),
    lead: say('edition:preview.lead'),
    content: html`<nav class="back"><a href="${path}">${say('edition:form.back')}</a></nav>
      ${content} ${onward}`,
  });
}
