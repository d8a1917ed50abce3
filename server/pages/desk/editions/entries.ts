/** The entries of an edition, each with what it says, what stands there now and what it was last year, and what is still wrong with it. */
import type { Source } from '../../../../calendars/deadlines/deadline.ts';
import { differences, factRows } from '../../dates/history.ts';
import { html, type SafeHtml } from '../../html.ts';
import { button, buttonLink, labelAbout } from '../../parts/button.ts';
import { certaintyMark } from '../../parts/marks.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { quote } from '../../parts/quote.ts';
import { rowList, type Row } from '../../parts/rows.ts';
import { writeMoment } from '../../people/moment.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskForm, deskPath, say } from '../frame.ts';
import { wordFaults } from './form/fault-words.ts';
import { nameIn, type EditionFacts, type ReadEntry } from './facts.ts';
import { dayWords, labelIn, sentenceOf } from './saying.ts';

interface Shown {
  facts: EditionFacts;
  now: Date;
}

export function entryList(ask: EditorAsk, shown: Shown): SafeHtml {
  const { entries } = shown.facts;
  if (entries.length === 0) return html`<p>${say('edition:one.no_entries')}</p>`;
  return html`<ol class="lines">
    ${entries.map((one) => entryView(ask, one, shown))}
  </ol>`;
}

function entryView(ask: EditorAsk, one: ReadEntry, { facts, now }: Shown): SafeHtml {
  const { entry, foretold, standing } = one;
  const { edition, insurerName, labels } = facts;
  const title = nameIn(one);
  const isDraft = edition.status === 'draft';
  const said = foretold ?? standing;
  const written = { who: labelIn(labels, entry.editedBy), moment: writeMoment(entry.editedAt, 'nl') };
  return html`<li id="${entry.id}">
    <h3>${title}</h3>
    <p>
      <strong>${say(`edition:act.${entry.act}`)}</strong> ${said === null ? '' : certaintyMark(said, 'nl')}
      <span class="small">${say('edition:one.written', written)}</span>
    </p>
    <p>
      ${said === null || (entry.act === 'enter' && foretold === null) ? say('edition:one.unfinished') : sentenceOf(said, insurerName, now)}
    </p>
    ${rowList([...saidRows(one), ...besideRows(one)])} ${quotesOf(one).map((source) => quote(source, undefined, 'nl'))} ${faultList(one)}
    ${
      isDraft
        ? html`<div class="buttons">
            ${buttonLink(pageAddress(ask, deskPath('edities', edition.id, entry.id)), labelAbout(say(`edition:one.open.${entry.act}`), title))}
            ${deskForm(
              ask,
              deskPath('edities', edition.id),
              button(labelAbout(say('edition:one.remove'), title), 'plain', { name: 'remove', value: `${entry.id}.${entry.version}` }),
            )}
          </div>`
        : ''
    }
  </li>`;
}

/** What a new one says beside its sentence, for who compares it with its quotes. */
function saidRows({ entry, foretold }: ReadEntry): Row[] {
  if (entry.act !== 'enter') return [];
  const { basis = null, conflict = null } = foretold ?? {};
  return [
    ...(entry.activity === null ? [] : [{ label: say('edition:one.subject'), value: say(`common:activity.${entry.activity}`) }]),
    ...(foretold === null ? [] : factRows(foretold, 'nl')),
    ...(basis === null ? [] : [{ label: say(`edition:option.basis_kind.${basis.kind}`), value: basis.text }]),
    ...(conflict === null ? [] : [{ label: say(`edition:one.${conflict.kind}`), value: conflict.text }]),
  ];
}

/** What proves it, also while it is not written far enough. */
function quotesOf({ entry, foretold, standing }: ReadEntry): readonly Source[] {
  return (foretold?.sources ?? entry.content.sources ?? standing?.sources ?? []).filter(({ quote: words }) => Boolean(words));
}

/** What it is compared with. */
export function besideRows({ entry, foretold, lastYear, standing }: ReadEntry): Row[] {
  const changes =
    standing !== null && foretold !== null && entry.act === 'amend' ? differences(standing, { ...standing, ...foretold }, 'nl') : [];
  return [
    ...changes,
    ...(standing === null ? [] : [{ label: say('edition:one.now'), value: dayWords(standing) }]),
    {
      label: say('edition:one.last_year'),
      value:
        lastYear === null
          ? say('edition:one.no_last_year')
          : say('edition:one.in_year', { year: lastYear.contractYear, what: dayWords(lastYear) }),
    },
    ...(entry.reason === null ? [] : [{ label: say('edition:field.reason'), value: entry.reason }]),
  ];
}

function faultList({ entry, faults, foretold, standing }: ReadEntry): SafeHtml | '' {
  if (faults.length === 0) return '';
  const rule = entry.content.rule?.kind ?? foretold?.rule.kind ?? standing?.rule.kind;
  return html`<div class="notice caution">
    <p>${say('edition:one.faults', { count: faults.length })}</p>
    <ul>
      ${wordFaults(faults, entry.content, rule).map(({ text }) => html`<li>${text}</li>`)}
    </ul>
  </div>`;
}
