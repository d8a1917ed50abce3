/** Invented passages with what must come of each, and how much of it does. Shares nothing with the grammar but what it answers. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { extractFrom, type Proposal } from '../../../../calendars/extraction/extraction.ts';

interface Style {
  text: string;
  /** "kind value: words of the quote", the kind with "@actor" where it matters who acts. */
  expect: string[];
  /** What must be named as unreadable. */
  unreadable?: string[];
}

export interface Tally {
  wanted: number;
  found: number;
  proposed: number;
  right: number;
  /** What is expected and does not come, and what comes and is not expected, one line each. */
  missed: string[];
  beside: string[];
}

export function readStyles(file: 'worked-on' | 'put-aside'): Style[] {
  return parse(readFileSync(new URL(`./${file}.yaml`, import.meta.url), 'utf8')) as Style[];
}

export function tally(styles: readonly Style[]): Tally {
  const total: Tally = { wanted: 0, found: 0, proposed: 0, right: 0, missed: [], beside: [] };
  for (const { expect, text, unreadable = [] } of styles) {
    const extraction = extractFrom(text);
    const left = [...extraction.proposals];
    for (const line of expect) {
      const at = left.findIndex((proposal) => isMeant(proposal, line));
      if (at < 0) total.missed.push(line);
      else left.splice(at, 1);
    }
    const cells = extraction.unreadable.map((place) => place.text);
    const unnamed = unreadable.filter((words) => !cells.includes(words));
    total.missed.push(...unnamed.map((words) => `unreadable: ${words}`));
    total.beside.push(...left.map((proposal) => `${lineOf(proposal)}: ${proposal.quote}`));
    total.wanted += expect.length + unreadable.length;
    total.proposed += extraction.proposals.length;
    total.right += extraction.proposals.length - left.length;
  }
  return { ...total, found: total.wanted - total.missed.length };
}

function isMeant(proposal: Proposal, line: string): boolean {
  const colon = line.indexOf(': ');
  const [, kind, actor, value] = /^([a-z]+)(?:@([a-z]+))?\s(.+)$/.exec(line.slice(0, colon)) ?? [];
  if (kind !== proposal.kind || !proposal.quote.includes(line.slice(colon + 2))) return false;
  return value === valueOf(proposal) && (actor === undefined || proposal.actors.some((one) => one === actor));
}

const lineOf = (proposal: Proposal) => `${proposal.kind}@${proposal.actors.join(',')} ${valueOf(proposal)}`;

/** When, in one line. */
function valueOf({ boundary, kind, lack, printed, rule, strictness, years }: Proposal): string {
  const bound = boundary === null ? '' : ` ${boundary}`;
  if (kind === 'requirement') return strictness ?? '';
  switch (rule.kind) {
    case 'fixed':
      return rule.on + bound;
    case 'range':
      return `${rule.from}/${rule.to}${boundary === 'before' ? bound : ''}`;
    case 'period': {
      const number = rule.number === null ? '' : rule.unit === 'quarter' ? `-Q${rule.number}` : `-${String(rule.number).padStart(2, '0')}`;
      return `${rule.year}${number}${bound}`;
    }
    case 'offset':
      return `${rule.amount} ${rule.unit} ${rule.direction} ${'event' in rule.from ? rule.from.event : rule.from.activity}`;
    case 'slot':
      return `every ${rule.every}`;
    case 'event':
      return 'event';
    default:
      if (years !== null) return `${years} year`;
      return lack === 'year_not_printed' ? `no year ${printed}` : (lack ?? '').replace('_', ' ');
  }
}
