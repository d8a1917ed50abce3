import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amendedContent } from '../../../../../../calendars/editions/amended.ts';
import { changeOf } from '../../../../../../calendars/editions/change.ts';
import { cleanText } from '../../../../../../calendars/clean-text.ts';
import type { Content } from '../../../../../../calendars/deadlines/deadline.ts';
import { allDeadlines, listRevisions } from '../../../../../../db/registry/deadlines.ts';
import { getInsurer } from '../../../../../../db/registry/insurers.ts';
import { contentOf as saidBy, type Revision } from '../../../../../../db/registry/revisions.ts';
import { prepareStore } from '../../../../../../seeds/prepare.ts';
import { contentIn, fieldsOf } from '../../../../../../server/pages/desk/editions/form/content-fields.ts';
import type { OfferedDocument } from '../../../../../../server/pages/desk/editions/form/source-fields.ts';
import { contentOf } from '../../../../../helpers/cast.ts';

/** As a browser sends it. */
const sent = (fields: URLSearchParams) => new URLSearchParams(fields.toString());

describe('the fields of an entry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-fields-'));
  let revisions: Revision[] = [];
  const documents = new Map<string, OfferedDocument[]>();
  beforeAll(async () => {
    const { store } = await prepareStore(`file:${join(folder, 'x.db')}`, new Date('2026-11-30T10:00:00Z'));
    for (const { id, insurer } of await allDeadlines(store.read, { withdrawnToo: true })) {
      revisions.push(...(await listRevisions(store.read, id)));
      if (insurer !== null && !documents.has(insurer)) documents.set(insurer, (await getInsurer(store.read, insurer)).documents);
    }
    await store.close();
  });
  afterAll(() => {
    revisions = [];
    rmSync(folder, { recursive: true });
  });

  it('say every content of the bundled registry, and what is projected from it, letter for letter', () => {
    expect(revisions.length).toBeGreaterThan(200);
    for (const revision of revisions) {
      const content = saidBy(revision);
      for (const offered of [documents.get(revision.insurer ?? '') ?? [], []])
        expect(contentIn(sent(fieldsOf(content, offered))), revision.id).toEqual(content);
      // Nothing of it is taken out where it is shown.
      expect(cleanText(JSON.stringify(content))).toBe(JSON.stringify(content));
    }
  });

  it('keep what was typed where it is no day, number or address, and say what is missing by leaving it out', () => {
    const typed = {
      title: 'Jaarplan',
      rule: 'range',
      'range.from': '32 januari 2027',
      'range.to': '1-10-2027',
      reportingYear: 'vorig jaar',
      'channel.address': 'bij de balie',
      'sources.3.quote': 'Het jaarplan.\r\nVoor 1 oktober.',
      'conflict.days.1': 'ooit',
      'extension.text': 'In overleg.',
    };
    const content = contentIn(new URLSearchParams(typed));
    expect(content).toMatchObject({
      title: 'Jaarplan',
      rule: { kind: 'range', from: '32 januari 2027', to: '2027-10-01' },
      reportingYear: 'vorig jaar',
      channel: { address: 'bij de balie' },
      sources: [{ document: '', quote: 'Het jaarplan.\nVoor 1 oktober.' }],
      conflict: { days: ['ooit'] },
      extension: { text: 'In overleg.' },
    });
    expect(Object.keys(content)).not.toContain('certainty');
    expect(contentIn(sent(fieldsOf(content, [])))).toEqual(content);
  });
});

describe('a change', () => {
  const base = { ...contentOf(), activity: 'annual_plan' } as const;
  const wholes: Partial<Content>[] = [
    {},
    { title: 'Jaarplan' },
    { boundary: 'before' },
    { rule: { kind: 'fixed', on: '2024-11-01' }, sources: base.sources },
    { rule: { kind: 'fixed', on: '2024-11-01' }, sources: [], extension: null },
    { rule: { kind: 'none' }, boundary: null, certainty: 'unknown', sources: base.sources },
    { conflict: { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: 'Twee lezingen.' } },
  ];
  it.each(wholes)('says all that is to stand there, whatever a new date drops: %j', (over) => {
    const whole = contentOf(over);
    expect(amendedContent(base, changeOf(base, whole))).toEqual(whole);
  });
  it('is nothing where nothing changes', () => expect(changeOf(base, contentOf())).toEqual({}));
});
