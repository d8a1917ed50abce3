/** What waits for an editor in the registry, as a mail says it. */
import { workLines } from '../../../calendars/upkeep/work.ts';
import type { Say } from '../../../calendars/words.ts';
import type { PersonalDraft } from '../../../db/messages/personal-mails.ts';
import { isDone, type InsurerWork } from '../../../db/registry/upkeep/work-list.ts';
import type { Block, FactRow } from '../letter.ts';
import { unlinked } from '../unlinked.ts';

type WorkDraft = Extract<PersonalDraft, { kind: 'work_list' }>;

/** `home`: where the calendar itself is, without a slash at the end. */
export function workBlocks({ audit, work }: WorkDraft, say: Say, home: string): Block[] {
  const waiting = (['reports', 'wrong', 'right', 'drafts', 'unseen'] as const).flatMap((name) =>
    work[name] === 0 ? [] : [{ kind: 'text' as const, text: say(`people:work_list.${name}`, { count: work[name] }) }],
  );
  const rows = work.insurers.filter((one) => !isDone(one)).map((one) => insurerRow(one, say));
  return [
    { kind: 'lead', text: say('people:work_list.lead') },
    ...waiting,
    ...(rows.length === 0 ? [] : [{ kind: 'facts' as const, heading: say('people:work_list.insurers'), rows }]),
    { kind: 'button', label: say('people:work_list.button'), url: `${home}/redactie` },
    { kind: 'small', text: say('people:work_list.audit', { number: audit.number, hash: audit.hash }), apart: true },
    { kind: 'small', text: say('people:work_list.why') },
  ];
}

function insurerRow(work: InsurerWork, say: Say): FactRow {
  const lines = [...workLines(work, say), ...(work.lost === null ? [] : [say('common:work.lost', { count: work.lost.count })])];
  return { label: work.name === null ? say('people:work_list.sector') : unlinked(work.name), value: lines.join(' ') };
}
