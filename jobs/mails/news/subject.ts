/** What a mail's subject says of a piece of news: what it is, of what, and when. */
import { lowerFirst } from '../../../calendars/letter-case.ts';
import type { Language } from '../../../calendars/terms.ts';
import { markOf, titleOf, wordsIn } from '../../../calendars/words.ts';
import type { ChangeNotice } from '../../../db/sending/news-composing.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { whatOf } from '../duty.ts';
import { cutTitle, type ShortOf } from '../subjects/subject.ts';
import { hasWhen, writeShort } from './when.ts';

/**
 * "Verschoven: jaarplan indienen bij Noord (was di 1 okt, nu di 8 okt)", in full first. Then it loses the day that was, then words of its title,
 * and at last the insurer; never what it is and when.
 */
export function newsHeadlines(change: ChangeNotice, { language, today }: Pick<Draft, 'language' | 'today'>, shortOf: ShortOf): string[] {
  const say = wordsIn(language);
  const { after, before, kind } = change;
  const short = (revision: ChangeNotice['after'], by = false) => writeShort(revision, { language, today }, by);
  const known = kind === 'gone' ? (before ?? after) : after;
  const isMoved = kind === 'moved' && before !== null;
  const full = isMoved
    ? say('mail:change.subject.days', { before: short(before), after: short(after) })
    : short(known, kind === 'new' || kind === 'dated' || kind === 'confirmed');
  const brief = isMoved && hasWhen(after) ? say('mail:change.subject.now', { after: short(after) }) : short(known);
  const head = headOf(change, language);
  const title = lowerFirst(titleOf(after, language));
  const what = lowerFirst(whatOf({ ...change, deadline: after }, language));
  return [
    `${head}: ${what} (${full})`,
    `${head}: ${what} (${brief})`,
    ...cutTitle(what, title, language).map((cut) => `${head}: ${cut} (${brief})`),
    `${head}: ${shortOf(title)} (${brief})`,
  ];
}

/** What it is, with how sure it is where the insurer's own document does not say so: "Verschoven (verwacht)". */
export function headOf(change: ChangeNotice, language: Language): string {
  const [kind, mark] = headWords(change, language);
  return mark === undefined ? kind : `${kind} (${mark})`;
}

/** The same as words: what it is, and the mark where there is one. */
export function headWords({ after, gone, kind }: ChangeNotice, language: Language): [kind: string, mark?: string] {
  // What has no date says so already.
  const mark = kind === 'gone' || after.certainty === 'unknown' ? '' : markOf(after, language);
  const word = wordsIn(language)(`mail:change.kind.${gone === 'not_concerned' ? gone : kind}`);
  return mark ? [word, mark] : [word];
}
