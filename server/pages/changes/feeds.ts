/** Feeds of what changed, of all or of one insurer: Atom (RFC 4287) and JSON Feed 1.1. */
import { LANGUAGES, type Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { kindOfChange, newestChanges, type PublicChange } from '../../../db/registry/public/changes.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import type { App, Deps } from '../../deps.ts';
import { openPageMemo } from '../memo.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import { answerPageNotFound } from '../not-found.ts';
import { rowList } from '../parts/rows.ts';
import { escapeXml } from '../xml.ts';
import { daysOfChange, placeOfChange, rowsOfChange } from './told.ts';

/** The formats: what the address ends in, what it is sent as, and what people call it. */
export const FEED_TYPES = [
  { end: 'atom', type: 'application/atom+xml', name: 'Atom' },
  { end: 'json', type: 'application/feed+json', name: 'JSON Feed' },
] as const;
type End = (typeof FEED_TYPES)[number]['end'];

/** How many changes a feed holds: who was away for longer finds the others on the page. */
const NEWEST = 50;

/** Where the feed of all changes is, or that of one insurer. */
export function feedPath(insurer: string | undefined, end: End): string {
  return insurer === undefined ? `/wijzigingen.${end}` : `/verzekeraars/${insurer}/wijzigingen.${end}`;
}

export function feedRoutes(deps: Deps) {
  const memo = openPageMemo(deps);
  return async (app: App) => {
    for (const language of LANGUAGES)
      for (const { end, type } of FEED_TYPES)
        for (const path of [feedPath(undefined, end), feedPath(':slug', end)])
          app.get(pathIn(language, path), async (request, reply) => {
            const { slug } = request.params as { slug?: string };
            reply.headers({ 'cache-control': 'no-cache', 'content-language': language }).type(`${type}; charset=utf-8`);
            // With a question behind it the address is another one to the memo; it says the same.
            const isPlain = !request.url.includes('?');
            const make = () => feedText(deps, { insurer: slug, language, end });
            return isPlain ? memo(reply, make) : ((await make()) ?? answerPageNotFound(request, reply));
          });
  };
}

interface FeedAsk {
  insurer: string | undefined;
  language: Language;
  end: End;
}

/** Null where there is no such insurer. */
async function feedText({ cache, publicUrl, read }: Pick<Deps, 'cache' | 'publicUrl' | 'read'>, ask: FeedAsk): Promise<string | null> {
  const { end, insurer, language } = ask;
  const registry = await cache.refresh();
  const { names } = registry;
  if (insurer !== undefined && !names.has(insurer)) return null;
  const say = wordsIn(language);
  const at = (path: string) => publicUrl + pathIn(language, path);
  const feed: Feed = {
    title: insurer === undefined ? say('changes:title') : say('changes:title_of', { insurer: names.get(insurer)! }),
    subtitle: say('changes:lead'),
    language,
    self: at(feedPath(insurer, end)),
    page: at(`/wijzigingen${insurer === undefined ? '' : `?insurer=${insurer}`}`),
    updatedAt: lastChange(registry, insurer),
    items: (await newestChanges(read, { insurer }, NEWEST)).map((change) => itemOf(change, names, { language, at })),
  };
  return end === 'atom' ? writeAtom(feed) : writeJsonFeed(feed);
}

interface Feed {
  title: string;
  subtitle: string;
  language: Language;
  /** Its own address, and that of the page which says the same. */
  self: string;
  page: string;
  /** For a feed in which nothing stands yet. */
  updatedAt: Date;
  items: Item[];
}

interface Item {
  id: string;
  url: string;
  title: string;
  summary: string;
  content: string;
  at: Date;
  tags: string[];
}

/** When something last changed at all, which an empty feed has to say of itself. */
function lastChange({ parts }: Snapshot, insurer: string | undefined): Date {
  const some = insurer === undefined ? [...parts.values()] : [parts.get(insurer)];
  return new Date(Math.max(0, ...some.map((part) => part?.changedAt.getTime() ?? 0)));
}

function itemOf(
  change: PublicChange,
  names: ReadonlyMap<string, string>,
  { at, language }: { language: Language; at: (path: string) => string },
): Item {
  const say = wordsIn(language);
  const { after, id, publicAt } = change;
  const kind = say(`mail:change.kind.${kindOfChange(change)}`);
  const place = placeOfChange(change, names, language);
  const days = daysOfChange(change, language);
  return {
    id: `urn:uuid:${id}`,
    url: at(`/wijzigingen/${id}`),
    title: `${say('changes:heading', { kind, title: titleOf(after, language) })} – ${place}`,
    summary: [days, after.reason ?? ''].filter((part) => part !== '').join('. ') || kind,
    content: String(contentOf(change, language)),
    at: publicAt,
    tags: [
      after.insurer === null ? say('common:sector') : (names.get(after.insurer) ?? after.insurer),
      say(`common:activity.${after.activity}`),
    ],
  };
}

/** What the page says of it: what was and is, why, and the sentences. */
function contentOf({ after, before }: PublicChange, language: Language): SafeHtml {
  const say = wordsIn(language);
  const rows = rowsOfChange({ after, before }, language);
  return html`${rows.length === 0 ? html`<p>${say('changes:reworded')}</p>` : rowList(rows)}
  ${after.reason === null ? '' : html`<p>${say('changes:why')}: <span lang="nl">${after.reason}</span></p>`}
  ${after.sources.map(
    ({ document, quote, section }) =>
      html`${quote === null ? '' : html`<blockquote lang="nl">${quote}</blockquote>`}
        <p lang="nl">${section === null ? document : `${document}, ${section}`}</p>`,
  )}`;
}

function writeAtom({ items, language, page, self, subtitle, title, updatedAt }: Feed): string {
  const entries = items.map(
    ({ at, content, id, summary, tags, title, url }) => `  <entry>
    <id>${id}</id>
    <title>${escapeXml(title)}</title>
    <link rel="alternate" type="text/html" hreflang="${language}" href="${escapeXml(url)}"/>
    <published>${at.toISOString()}</published>
    <updated>${at.toISOString()}</updated>
${tags.map((tag) => `    <category term="${escapeXml(tag)}"/>`).join('\n')}
    <summary>${escapeXml(summary)}</summary>
    <content type="html">${escapeXml(content)}</content>
  </entry>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
  <id>${escapeXml(self)}</id>
  <title>Inkoopkalender: ${escapeXml(title)}</title>
  <subtitle>${escapeXml(subtitle)}</subtitle>
  <updated>${(items[0]?.at ?? updatedAt).toISOString()}</updated>
  <author><name>Inkoopkalender</name></author>
  <link rel="self" type="application/atom+xml" href="${escapeXml(self)}"/>
  <link rel="alternate" type="text/html" hreflang="${language}" href="${escapeXml(page)}"/>
${entries.join('')}</feed>
`;
}

function writeJsonFeed({ items, language, page, self, subtitle, title }: Feed): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: `Inkoopkalender: ${title}`,
    home_page_url: page,
    feed_url: self,
    description: subtitle,
    authors: [{ name: 'Inkoopkalender' }],
    language,
    items: items.map(({ at, content, id, summary, tags, title, url }) => ({
      id,
      url,
      title,
      summary,
      content_html: content,
      date_published: at.toISOString(),
      tags,
    })),
  };
  return `${JSON.stringify(feed, null, 2)}\n`;
}
