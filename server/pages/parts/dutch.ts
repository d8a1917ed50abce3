/** Words of a document, or of the registry: in Dutch, whatever the page is. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Ground } from '../../../calendars/deadlines/wording/grounds.ts';
import type { Language } from '../../../calendars/terms.ts';
import { html, type SafeHtml } from '../html.ts';

export function dutch(words: string): SafeHtml {
  return html`<span lang="nl">${words}</span>`;
}

/** A sentence of ours in which such words stand: on a page in another language they are marked as Dutch, wherever they stand in it. */
export function withDutch(sentence: string, words: readonly (string | null | undefined)[], language: Language): string | SafeHtml {
  if (language === 'nl') return sentence;
  const [word] = words.filter((one) => one && sentence.includes(one)).toSorted((a, b) => b!.length - a!.length);
  if (!word) return sentence;
  const at = sentence.indexOf(word);
  const rest = (part: string) => withDutch(part, words, language);
  return html`${rest(sentence.slice(0, at))}${dutch(word)}${rest(sentence.slice(at + word.length))}`;
}

/** What is said in words of ours, and what somebody typed, which is Dutch whatever the page is. Nothing where nothing is said. */
export function groundView(ground: Ground, look: '' | 'small' | 'notice caution' = ''): SafeHtml | '' {
  const { ours, typed } = ground;
  const shown = look === '' ? '' : html` class="${look}"`;
  const views = [
    ...(typed === null ? [] : [html`<p${shown} lang="nl">${typed}</p>`]),
    ...(ours.length === 0 ? [] : [html`<p${shown}>${ours.join(' ')}</p>`]),
  ];
  return views.length === 0 ? '' : html`${views}`;
}

/** What the registry says of an entry, or of the year that it is taken from, in words of its own. */
export function registryWords({ channel, conflict, consequence, deliverable, duty, extension }: Worded): (string | null | undefined)[] {
  return [
    channel?.address,
    channel?.hours,
    channel?.subject,
    conflict?.text,
    consequence?.text,
    deliverable,
    duty?.deliverable,
    extension?.text,
  ];
}

type Worded = Pick<Deadline, 'channel' | 'conflict' | 'consequence' | 'extension'> & {
  deliverable?: string | null;
  duty?: Deadline['duty'];
};
