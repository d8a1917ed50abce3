/** A feed's link, which is shown once: what to do with it, and a way into each app. */
import { wordsIn } from '../../../../calendars/words.ts';
import type { ListedFeed } from '../../../../db/feeds/feeds.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import { copyable } from '../../parts/copyable.ts';
import { appRow } from '../../subscribe/ways.ts';
import type { MemberAsk } from '../../session/guards.ts';

export function newLink(
  { language, organisation, request }: MemberAsk,
  { publicUrl }: Pick<Deps, 'publicUrl'>,
  { label }: Pick<ListedFeed, 'label'>,
  token: string,
): SafeHtml {
  const say = wordsIn(language);
  const calendar = `${publicUrl}/feeds/${token}.ics`;
  const way = {
    calendar,
    page: calendar,
    name: `Inkoopkalender ${organisation.name}`,
    publicUrl,
    userAgent: request.headers['user-agent'] ?? '',
    language,
  };
  return html`<section class="notice status" role="status" aria-labelledby="link">
    <h2 id="link">${say('room:feed.link', { label })}</h2>
    <p>${say('room:feed.link_once')}</p>
    <p>${copyable(calendar, say('room:feed.copy'), language)}</p>
    ${appRow(way)}
  </section>`;
}

/** The first poll finds the bytes ready. When they cannot be made yet the link is given all the same: it is shown only once. */
export async function prepareFeed({ clock, feeds }: Pick<Deps, 'clock' | 'feeds'>, token: string, log: App['log']): Promise<void> {
  try {
    await feeds.prepare(token, clock());
  } catch (error) {
    log.error({ err: error }, 'a new feed is not ready yet');
  }
}
