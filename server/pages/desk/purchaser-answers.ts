/** What insurers' purchasers say of entries, for editors: what is not right one by one, what is right folded per insurer, to be ticked in one go. */
import { compareNames } from '../../../calendars/collation.ts';
import { closeAnswers, closeAnswersOf, listAnswers, type ListedAnswer } from '../../../db/registry/purchasers/answers.ts';
import { tickAnswered, type Ticked } from '../../../db/registry/purchasers/ticking.ts';
import type { Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Onward } from '../page.ts';
import { button } from '../parts/button.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { rowList } from '../parts/rows.ts';
import { writeMoment } from '../people/moment.ts';
import type { EditorAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { deskForm, deskPath, personOf, say } from './frame.ts';
import { todayOf } from './shelf.ts';

const PATH = deskPath('meldingen');
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** So many are shown, what is not right first: when they are seen to, the others follow. */
const MOST_SHOWN = 200;

/** The section with what waits, and what a button of it did just now. */
export async function answersSection(ask: EditorAsk, { cache, read }: Pick<Deps, 'cache' | 'read'>): Promise<SafeHtml> {
  const [answers, { names }] = [await listAnswers(read), await cache.refresh()];
  const nameOf = (slug: string) => names.get(slug) ?? slug;
  const wrong = answers.filter(isWrong).slice(0, MOST_SHOWN);
  const disputed = new Set(answers.filter(isWrong).map(placeOf));
  const [waiting = [], right = []] = [true, false].map((is) => answers.filter((one) => !isWrong(one) && disputed.has(placeOf(one)) === is));
  const shown = Map.groupBy(right.slice(0, MOST_SHOWN - wrong.length), ({ insurer }) => insurer);
  const entries = new Set(waiting.map(placeOf)).size;
  const more = answers.length - waiting.length - wrong.length - [...shown.values()].flat().length;
  const shelves = [...shown].sort(([a], [b]) => compareNames(nameOf(a), nameOf(b), 'nl'));
  return html`<section aria-labelledby="purchasers">
    <h2 id="purchasers">${say('desk:answers.title')}</h2>
    ${saidHere(ask)} ${answers.length === 0 ? html`<p>${say('desk:answers.none')}</p>` : ''}
    <ul class="lines">
      ${wrong.map((one) => wrongView(ask, one, nameOf(one.insurer)))}
    </ul>
    ${shelves.map(([slug, some]) => rightView(ask, some, nameOf(slug)))}
    ${entries === 0 ? '' : html`<p>${say('desk:answers.disputed', { count: entries })}</p>`}
    ${more === 0 ? '' : html`<p>${say('desk:answers.more', { count: more })}</p>`} ${linksView(ask, answers, nameOf)}
  </section>`;
}

/** Takes a form of that section; null where it is another's. */
export async function takeAnswersForm(ask: EditorAsk & FormAsk, deps: Pick<Deps, 'change' | 'clock'>): Promise<Onward | null> {
  const { fields } = ask;
  const act = fields.get('doe');
  const now = deps.clock();
  const one = fields.get('answer');
  if (one !== null && UUID.test(one)) {
    await deps.change((tx) => closeAnswers(tx, [one], now));
    return { onward: PATH };
  }
  const link = fields.get('link');
  if (link !== null && UUID.test(link)) {
    await deps.change((tx) => closeAnswersOf(tx, link, now));
    return { onward: PATH };
  }
  const ids = fields.getAll('right').filter((id) => UUID.test(id));
  if (act === 'afhandelen') await deps.change((tx) => closeAnswers(tx, ids, now));
  else if (act === 'klopt-nog') {
    const ticking = { on: todayOf(deps), label: ask.label, by: personOf(ask) };
    return onwardSaying(ask, PATH, doneOf(await deps.change((tx) => tickAnswered(tx, ids, ticking, now))));
  } else return null;
  return { onward: PATH };
}

const COUNTS = ['recorded', 'already', 'changed', 'undocumented', 'disputed'] as const satisfies readonly (keyof Ticked)[];

/** What a form did, as it stands in an address. */
const doneOf = (ticked: Ticked) => `klopt-nog-${COUNTS.map((name) => ticked[name]).join('-')}`;

/** "2 datums gecontroleerd door Redactie, Ed." after such a form; nothing after none. */
function saidHere(ask: EditorAsk): SafeHtml | '' {
  const [claimed] = /(?<=[?&]gedaan=)klopt-nog(-\d{1,4}){5}(?=\.)/.exec(ask.request.url) ?? [];
  const done = claimed === undefined ? null : saidOf(ask, [claimed]);
  if (done === null) return '';
  const numbers = done.replace('klopt-nog-', '').split('-').map(Number);
  const lines = COUNTS.flatMap((name, at) =>
    numbers[at] === 0 ? [] : [say(`desk:answers.said.${name}`, { count: numbers[at]!, label: ask.label })],
  );
  return notice(lines.length === 0 ? say('desk:answers.said.nothing') : lines.join(' '), 'status');
}

function wrongView(ask: EditorAsk, answer: ListedAnswer, insurer: string): SafeHtml {
  const { contractYear, createdAt, currentRevision, deadlineId, id, revision, title, wrong } = answer;
  const close = html`<button type="submit" class="button plain" name="answer" value="${id}">
    ${say('desk:reports.close')} <span class="unseen">${title}</span>
  </button>`;
  return html`<li>
    <p class="what"><a href="${pageAddress(ask, `/datums/${deadlineId}`)}">${title}</a></p>
    <p class="small">${say('desk:answers.about', { insurer, year: contractYear, moment: writeMoment(createdAt, 'nl') })}</p>
    ${currentRevision > revision ? html`<p class="small">${say('desk:answers.older', { revision, current: currentRevision })}</p>` : ''}
    ${rowList([{ label: say('desk:answers.wrong'), value: html`<span class="as-typed">${wrong}</span>` }])} ${deskForm(ask, PATH, close)}
  </li>`;
}

const isWrong = ({ wrong }: ListedAnswer) => wrong !== null;

/** An entry as it stood. */
const placeOf = ({ deadlineId, revision }: ListedAnswer) => `${deadlineId}.${revision}`;

/** Of each link that said several things, a button for all of them: somebody may have said whatever by it. */
function linksView(ask: EditorAsk, answers: readonly ListedAnswer[], nameOf: (slug: string) => string): SafeHtml | '' {
  const links = [...Map.groupBy(answers, ({ linkId }) => linkId)].filter(([, some]) => some.length > 1);
  if (links.length === 0) return '';
  const items = links.map(([id, some]) => {
    const { insurer, linkCreatedAt } = some[0]!;
    const about = say('desk:answers.link', { insurer: nameOf(insurer), moment: writeMoment(linkCreatedAt, 'nl'), count: some.length });
    const close = html`<button type="submit" class="button plain" name="link" value="${id}">
      ${say('desk:answers.close_link')} <span class="unseen">${about}</span>
    </button>`;
    return html`<li>
      <p>${about}</p>
      ${deskForm(ask, PATH, close)}
    </li>`;
  });
  return html`<section class="lines">
    <details>
      <summary>${say('desk:answers.links')}</summary>
      <ul class="lines">
        ${items}
      </ul>
    </details>
  </section>`;
}

const compareEntries = (a: ListedAnswer, b: ListedAnswer) => a.contractYear - b.contractYear || compareNames(a.title, b.title, 'nl');

/** What a purchaser says is right: the count, and behind it which entries, each once, with what else is to be known of it. */
function rightView(ask: EditorAsk, answers: readonly ListedAnswer[], insurer: string): SafeHtml {
  const entries = [...Map.groupBy(answers, ({ deadlineId }) => deadlineId).values()].map((some) => some.at(-1)!).sort(compareEntries);
  const items = entries.map(({ contractYear, createdAt, currentRevision, deadlineId, revision, title }) => {
    const older = currentRevision > revision ? say('desk:answers.older', { revision, current: currentRevision }) : '';
    return html`<li>
      <a href="${pageAddress(ask, `/datums/${deadlineId}`)}">${title}</a> (${contractYear}), ${writeMoment(createdAt, 'nl')}. ${older}
    </li>`;
  });
  const form = html`${answers.map(({ id }) => html`<input type="hidden" name="right" value="${id}" />`)}
    <p class="buttons">
      ${button(say('desk:answers.tick'), 'plain', { name: 'doe', value: 'klopt-nog' })}
      ${button(say('desk:answers.close_right'), 'plain', { name: 'doe', value: 'afhandelen' })}
    </p>`;
  return html`<section class="lines">
    <details>
      <summary>${say('desk:answers.right', { count: entries.length, insurer })}</summary>
      <ul>
        ${items}
      </ul>
      <p class="small">${say('desk:answers.tick_text')}</p>
      ${deskForm(ask, PATH, form)}
    </details>
  </section>`;
}
