import { describe, expect, it } from 'vitest';
import { isOff as isOffElsewhere, shift } from '../helpers/mail-year.ts';
import type { Agendas } from './agendas.ts';
import { concernOf } from './concern.ts';
import { leadsOf } from './leads.ts';
import type { Reader } from './life.ts';
import { faultsOfMails } from './mails-judge.ts';
import type { Organisation, Registry, Relation, Role, Row } from './registry.ts';
import { isOff, weeklyDayFrom, workingDayFrom, workingDaysBefore } from './working-days.ts';

const row = (over: Partial<Row> = {}): Row => ({
  id: 'plan',
  insurer: 'noord',
  contractYear: 2028,
  careType: 'general',
  activity: 'annual_plan',
  kind: 'deadline',
  title: 'Jaarplan',
  certainty: 'template',
  dueOn: '2027-10-01',
  lastSafeOn: null,
  rule: { kind: 'fixed' },
  duty: { actors: ['ro'], onBehalfOf: ['ro', 'wsv'], contractStatus: 'contracted' },
  revision: 1,
  ...over,
});
const signing = (over: Partial<Row> = {}) =>
  row({ activity: 'signing', duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any' }, dueOn: '2027-12-31', ...over });
const term = (careType: string) =>
  row({ activity: 'contract_term', kind: 'term', careType, rule: { kind: 'range', from: '2027-01-01', to: '2028-12-31' } });
const organisation = (role: Role, relations: Record<string, Partial<Relation>>, parent: Organisation | null = null): Organisation => {
  const all = Object.entries(relations).map(
    ([insurer, one]) => [insurer, { contractStatus: 'contracted', preferred: false, ...one }] as const,
  );
  const made: Organisation = { name: role, role, parent, members: [], relations: new Map(all) };
  parent?.members.push(made);
  return made;
};
const concern = (one: Row, who: Organisation, terms: Row[] = [], received = false) => {
  const registry: Registry = { at: new Date(0), rows: new Map(), terms };
  return concernOf(one, who, registry, () => received);
};
const asOf = (one: Row, who: Organisation, terms: Row[] = []) => concern(one, who, terms)?.as ?? null;
const daily = { leadDays: [42, 14, 3, 0], digest: 'daily' } as const;
const days = (one: Row, who: Organisation, choices: Parameters<typeof leadsOf>[2] = daily, requestOn: string | null = null) =>
  leadsOf(one, concern(one, who)!, choices, requestOn).map(({ days: on, lead }) => `${lead}: ${on.join()}`);

describe('working days', () => {
  it('are those of another calendar, for each day of six years', () => {
    for (let day = '2026-01-01'; day <= '2031-12-31'; day = shift(day, 1)) expect([day, isOff(day)]).toEqual([day, isOffElsewhere(day)]);
  });

  it('are counted over weekends and holidays', () => {
    expect(workingDayFrom('2029-04-01')).toBe('2029-04-03');
    expect(workingDaysBefore('2027-10-01', 10)).toBe('2027-09-17');
    expect([weeklyDayFrom('2027-03-23'), weeklyDayFrom('2027-03-30')]).toEqual(['2027-03-25', '2027-04-05']);
  });
});

describe('a mail of an assumption', () => {
  const judged = (text: string) => {
    const agendas = { registryAt: () => ({ at: new Date(0), rows: new Map(), terms: [] }) } as unknown as Agendas;
    const mail = {
      at: new Date('2028-01-14T07:30Z'),
      kind: 'change',
      subject: '',
      text,
      told: [{ kind: 'change', id: 'x', lead: null } as const],
    };
    return faultsOfMails(agendas, { email: 'a@example.org', mails: [mail] } as unknown as Reader, new Map());
  };

  it('promises nothing of it, in whatever line; why its reader gets it may speak of what is urged on', () => {
    const block = '== Ondertekenen ==\nRond 31 december (aanname, niet bevestigd).\n';
    const why = [
      'U krijgt deze mail omdat u de tweede ontvanger bent. Is iets voor de laatste veilige dag nog niet gemeld? Dan hoort u dat.',
      'You receive this e-mail as the first recipient. Is something not reported before the last safe day? Then we tell you.',
    ];
    for (const footer of why) {
      expect(judged(`${block}\n${footer}`)).toEqual([]);
      expect(judged(`${block}Dat is de laatste veilige dag.\n\n${footer}`)).toEqual([
        '2028-01-14 a@example.org reads of an assumption "Dat is de laatste veilige dag."',
      ]);
    }
  });
});

describe('concern', () => {
  it('of a plan that nobody stated is for the leading insurer: as the organisation names it, else its RO, else each', () => {
    const ro = organisation('ro', { noord: { preferred: true }, zuid: {} });
    const [noord, zuid] = [row(), row({ insurer: 'zuid' })];
    expect([asOf(noord, ro), asOf(zuid, ro)]).toEqual(['acts', null]);
    const own = organisation('wsv', { noord: {}, zuid: {} }, ro);
    expect([asOf(noord, own), asOf(zuid, own)]).toEqual(['hands_over', null]);
    const other = organisation('wsv', { zuid: { preferred: true } }, ro);
    expect([asOf(noord, other), asOf(zuid, other)]).toEqual([null, 'hands_over']);
    const none = organisation('ro', { noord: {}, zuid: { contractStatus: 'uncontracted' } });
    expect([asOf(noord, none), asOf(row({ insurer: 'zuid', activity: 'accounts' }), none)]).toEqual(['acts', null]);
    expect(asOf(noord, organisation('wsv', {}, ro))).toBe(null);
    expect(asOf(row({ insurer: 'zuid', certainty: 'stated' }), organisation('ro', { noord: { preferred: true }, zuid: {} }))).toBe('acts');
  });

  it('of what an insurer does is to know of it, and of another role’s duty none at all', () => {
    const practice = organisation('practice', { noord: { contractStatus: 'uncontracted' } });
    const publication = row({ activity: 'publication', duty: { actors: ['insurer'], onBehalfOf: [], contractStatus: 'any' } });
    expect([asOf(publication, practice), asOf(row(), practice), asOf(signing(), practice)]).toEqual(['informed', null, 'acts']);
    expect(concern(signing(), practice)?.isOnce).toBe(true);
    expect(concern(signing(), practice, [], true)?.isOnce).toBe(false);
  });

  it('of signing ends where a contract runs on, for its kind of care', () => {
    const [ro, practice] = [organisation('ro', { noord: {} }), organisation('practice', { noord: {} })];
    expect([asOf(signing(), ro, [term('gp_care')]), asOf(signing(), practice, [term('gp_care')])]).toEqual(['acts', null]);
    expect(asOf(signing({ contractYear: 2027 }), practice, [term('gp_care')])).toBe('acts');
    expect(asOf(signing({ contractYear: 2029 }), practice, [term('gp_care')])).toBe('acts');
    expect(asOf(row(), ro, [term('multidisciplinary_care')])).toBe('acts');
  });
});

describe('leads', () => {
  const ro = organisation('ro', { noord: {} });

  it('of an assumption are one, 42 days before or at the longest own one', () => {
    expect(days(row(), ro)).toEqual(['42: 2027-08-20']);
    expect(days(row(), ro, { leadDays: [3], digest: 'daily' })).toEqual(['42: 2027-08-20']);
    expect(days(row(), ro, { leadDays: [60, 3], digest: 'weekly' })).toEqual(['60: 2027-08-02']);
  });

  it('are on the working day before, gathered on Monday unless that is too late', () => {
    const stated = signing({ certainty: 'stated', dueOn: '2028-12-31', lastSafeOn: '2028-12-31' });
    expect(days(stated, ro)).toEqual(['42: 2028-11-17', '14: 2028-12-15', '3: 2028-12-28', '0: 2028-12-29']);
    expect(days(stated, ro, { ...daily, digest: 'weekly' })).toEqual([
      '42: 2028-11-20',
      '14: 2028-12-18',
      '3: 2028-12-29',
      '0: 2028-12-29',
    ]);
  });

  it('of who hands over count from ten working days before', () => {
    const wsv = organisation('wsv', { noord: {} }, ro);
    const stated = row({ certainty: 'stated', lastSafeOn: '2027-10-01' });
    expect(days(stated, wsv)).toEqual(['42: 2027-08-06', '14: 2027-09-03', '3: 2027-09-14', '0: 2027-09-17']);
    expect(days(row(), wsv)).toEqual(['42: 2027-08-06']);
  });

  it('of who has no contract are one, the first after the last day to ask for one', () => {
    const practice = organisation('practice', { noord: { contractStatus: 'uncontracted' } });
    const stated = signing({ certainty: 'stated', lastSafeOn: '2027-12-31' });
    expect(days(stated, practice, daily, '2027-08-31')).toEqual(['42: 2027-11-19']);
    expect(days(stated, practice, daily, '2027-12-01')).toEqual(['14: 2027-12-17']);
  });
});
