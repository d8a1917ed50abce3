/** The news in a mail: of every deadline that changed what became of it, why, and the sentence that proves it; what is alike below one heading. */
import { nameBuyer } from '../../calendars/deadlines/wording/buyers.ts';
import { lowerFirst, upperFirst } from '../../calendars/letter-case.ts';
import { newsGroups } from '../../calendars/agenda/news.ts';
import { certaintyWord } from '../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { provingSource } from '../../calendars/quoted-days.ts';
import type { Language } from '../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../calendars/words.ts';
import type { ChangeNotice } from '../../db/sending/news-composing.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { linkBlocks, sentences, sourceBlocks, whatOf } from './duty.ts';
import type { MailLinks } from './links.ts';
import type { Block, Part } from './letter.ts';
import { changeRows, newsFacts } from './news/rows.ts';
import { headOf, headWords, newsHeadlines } from './news/subject.ts';
import { hasWhen, writeBy, writeShort, writeSure, writeWhen } from './news/when.ts';

/** The first `detailed` changes with everything there is to know, the others in a list; null when nothing changed. */
export function changedPart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const changes = newsGroups(draft.changes, language).flat();
  const [first] = changes;
  if (!first) return null;
  return {
    headlines: (shortOf) => newsHeadlines(first, draft, shortOf),
    count: changes.length,
    heading: say('mail:change.heading'),
    blocks: [
      ...newsGroups(changes.slice(0, detailed), language).flatMap((group) => groupBlocks(group, draft, links)),
      ...listOf(changes.slice(detailed), draft),
    ],
    why: say('mail:change.why', { email: recipient.email, organisation: organisation.name }),
  };
}

/** What it is and of what, once; then each with its insurer. */
function groupBlocks(group: readonly [ChangeNotice, ...ChangeNotice[]], draft: Draft, links: MailLinks): Block[] {
  const { language } = draft;
  const [first, ...others] = group;
  const what = others.length === 0 ? whatOf({ ...first, deadline: first.after }, language) : titleOfAll(group, language);
  return [
    { kind: 'heading', text: `${headOf(first, language)}: ${lowerFirst(what)}` },
    ...group.flatMap((change) => pieceBlocks(change, others.length > 0, draft, links)),
  ];
}

/** The title that all have, else the name of what it is. */
function titleOfAll(group: readonly [ChangeNotice, ...ChangeNotice[]], language: Language): string {
  const titles = new Set(group.map(({ after }) => titleOf(after, language)));
  const [title] = titles;
  const { activity } = group[0].after;
  if (title !== undefined && (titles.size === 1 || activity === 'other')) return title;
  return wordsIn(language)(`common:activity.${activity}`);
}

function pieceBlocks(change: ChangeNotice, isNamed: boolean, draft: Draft, links: MailLinks): Block[] {
  const { language, organisation } = draft;
  const { after, changeId, gone, owner } = change;
  const isTheirs = owner !== null && owner !== organisation.id;
  const as = change.done ? 'informed' : change.as;
  const rows = changeRows(change, language);
  const proof = gone ? null : provingSource(after);
  return [
    openingOf(change, isNamed, draft),
    ...(rows.length === 0 ? [] : [{ kind: 'changes' as const, rows }]),
    { kind: 'facts', rows: newsFacts(change, language) },
    ...sourceBlocks(proof ? [proof] : []),
    ...(gone ? [] : linkBlocks(after.id, as, isTheirs ? { ...links, doneUrl: () => null } : links, language)),
    ...(changeId === null ? [] : [{ kind: 'link' as const, label: wordsIn(language)('mail:change.page'), url: links.changeUrl(changeId) }]),
  ];
}

/** The first sentences: what became of it, and whether that is still of use. */
function openingOf(change: ChangeNotice, isNamed: boolean, { language, today }: Draft): Block {
  const say = wordsIn(language);
  const { after, done, gone, insurerName } = change;
  const text = gone ? goneText(change, language) : newsText(change, language);
  const day = countingDay(after);
  const isPast = gone === null && day !== null && day < today;
  return {
    kind: 'lead',
    text: isNamed && insurerName !== null ? say('mail:change.of_insurer', { insurer: insurerName, text: lowerFirst(text) }) : text,
    more: sentences([
      isPast ? say('mail:change.past') : '',
      after.conflict && gone === null ? say(`mail:conflict.${after.conflict.kind}`) : '',
      done && gone === null ? say('mail:change.done') : '',
    ]),
  };
}

function newsText({ kind, before, after, insurerName }: ChangeNotice, language: Language): string {
  const say = wordsIn(language);
  const who = upperFirst(nameBuyer('the', after, language));
  const opening = (name: string, revision = after) =>
    say(`mail:change.opening.${name}`, { after: kind === 'changed' ? writeSure(revision, language) : writeBy(revision, language), who });
  switch (kind) {
    case 'moved':
      return say('mail:change.opening.moved', { before: before ? writeSure(before, language) : '', after: writeSure(after, language) });
    case 'confirmed':
      return opening(insurerName !== null && certaintyWord(after) === 'stated' ? 'confirmed_by_insurer' : 'confirmed');
    case 'dated': {
      const assumed = before && hasWhen(before) ? say('mail:change.opening.was_assumed', { before: writeWhen(before, language) }) : '';
      return sentences([opening('dated'), assumed]);
    }
    default:
      return opening(hasWhen(after) ? kind : `${kind}_undated`);
  }
}

function goneText({ before, after, gone }: ChangeNotice, language: Language): string {
  const say = wordsIn(language);
  const known = before ?? after;
  return sentences([
    say(`mail:change.opening.${gone}`),
    hasWhen(known) ? say('mail:change.opening.was_on', { before: writeSure(known, language) }) : '',
    say('mail:change.opening.nothing_to_do'),
  ]);
}

function listOf(changes: readonly ChangeNotice[], { language, today }: Draft): Block[] {
  if (changes.length === 0) return [];
  const rows = changes.map((change) => ({
    day: writeShort(change.after, { language, today }),
    what: `${whatOf({ ...change, deadline: change.after }, language)} (${lowerFirst(headWords(change, language).join(', '))})`,
  }));
  return [
    { kind: 'heading', text: wordsIn(language)('mail:change.also') },
    { kind: 'days', rows },
  ];
}
