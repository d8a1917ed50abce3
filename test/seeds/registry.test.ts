/** The real registry: all ten insurers, Zorg en Zekerheid 2025 in full, and nothing that its documents do not say. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KIND_OF } from '../../calendars/deadlines/kinds.ts';
import { resolveDays } from '../../calendars/deadlines/rules.ts';
import { ACTIVITIES, type Activity } from '../../calendars/terms.ts';
import { checkQuotes } from '../../seeds/quotes.ts';
import { readRegistry, type RegistryDeadline } from '../../seeds/reader.ts';

const registry = await readRegistry(join(import.meta.dirname, '../../seeds/registry'));

/** A deadline's newest revision in one line. */
function row({ activity, careType, contractYear, slot, revisions }: RegistryDeadline) {
  const { rule, boundary, certainty, conflict, duty } = revisions.at(-1)!.content;
  const { dueOn, lastSafeOn } = resolveDays(rule, boundary, { contractYear, slot, conflict, dayOf: () => null });
  const who = [duty.actors.join('+'), duty.onBehalfOf.join('+'), duty.contractStatus].join('/');
  return [activity, slot, careType, dueOn, lastSafeOn, boundary, certainty, who];
}
const rowsOf = (insurer: string | null, contractYear?: number) =>
  registry.deadlines
    .filter((d) => d.insurer === insurer && (contractYear === undefined || d.contractYear === contractYear))
    .filter(({ activity }) => activity !== 'contract_requirement')
    .map(row);
const requirements = registry.deadlines.filter(({ activity }) => activity === 'contract_requirement');

function newest(insurer: string | null, contractYear: number, activity: string) {
  const found = registry.deadlines.filter((d) => d.insurer === insurer && d.contractYear === contractYear && d.activity === activity);
  expect(found).toHaveLength(1);
  return found[0]!.revisions.at(-1)!.content;
}

describe('the registry', () => {
  it('holds all ten insurers', () => {
    expect(registry.insurers.map(({ slug, kind }) => [slug, kind])).toEqual([
      ['asr', 'health_insurer'],
      ['caresq', 'purchasing_party'],
      ['cz', 'health_insurer'],
      ['de-friesland', 'health_insurer'],
      ['dsw', 'health_insurer'],
      ['eno', 'health_insurer'],
      ['menzis', 'health_insurer'],
      ['vgz', 'health_insurer'],
      ['zilveren-kruis', 'health_insurer'],
      ['zorg-en-zekerheid', 'health_insurer'],
    ]);
  });

  it('gives a link to the policy page of every insurer', () => {
    const urls = new Map(registry.documents.map(({ key, url }) => [key, url]));
    expect(
      registry.insurers.map(({ slug, documents }) => [slug, documents.map((key) => urls.get(key)).filter((url) => url !== null)]),
    ).toEqual([
      ['asr', ['https://www.amersfoortse.nl/zorgaanbieder/huisartsenzorg']],
      ['caresq', ['https://caresq.nl/huisarts']],
      ['cz', ['https://www.cz.nl/zorgaanbieder/zorginkoopbeleid']],
      ['de-friesland', ['https://www.zilverenkruis.nl/zorgaanbieders/zorgsoort/huisartsenzorg/beleid-en-contract']],
      ['dsw', ['https://www.dsw.nl/Zorgverleners/contracteerbeleid/per-zorgsoort']],
      ['eno', ['https://www.eno.nl/zorgaanbieders/inkoopbeleid']],
      ['menzis', ['https://www.menzis.nl/zorgaanbieders/zorgsoorten']],
      ['vgz', ['https://www.cooperatievgz.nl/zorgaanbieders/huisartsenzorg/inkoopbeleid']],
      ['zilveren-kruis', ['https://www.zilverenkruis.nl/zorgaanbieders/zorgsoort/huisartsenzorg/beleid-en-contract']],
      ['zorg-en-zekerheid', ['https://www.zorgenzekerheid.nl/zorgprofessionals/zorginkoop.htm']],
    ]);
  });

  it('gives every activity its kind, and only what is a requirement that of one', () => {
    const kinds = registry.deadlines.flatMap(({ activity, revisions }) => revisions.map(({ content }) => [activity, content.kind]));
    expect(kinds.filter(([activity, kind]) => kind !== KIND_OF[activity as Activity])).toEqual([]);
    // Nothing in it is without an activity of its own.
    const named = ACTIVITIES.filter((one) => one !== 'other');
    expect(new Set(registry.deadlines.map(({ activity }) => activity))).toEqual(new Set(named));
  });

  it('says of every entry when it was compared with its document', () => {
    expect(registry.deadlines.filter(({ checked }) => checked?.by !== 'vergeleken bij uitgave')).toEqual([]);
  });

  it('calls a penalty what being late costs, and a bonus what being in time brings', () => {
    const effects = registry.deadlines.flatMap(({ activity, contractYear, slot, revisions }) => {
      const { consequence } = revisions.at(-1)!.content;
      return consequence && (slot ?? 1) === 1 ? [[activity, contractYear, consequence.kind, consequence.modality].join(' ')] : [];
    });
    expect(effects.sort()).toEqual([
      'annual_plan 2022 penalty possible',
      'annual_plan 2025 penalty possible',
      'certificate_request 2025 note certain',
      'chain_effects_evidence 2022 penalty certain',
      'early_contracting 2022 bonus certain',
      'innovation_request 2025 note certain',
      'innovation_request 2025 note certain',
      'innovation_start 2025 note possible',
      'register_check 2025 note certain',
    ]);
  });

  it.each([
    ['zorg-en-zekerheid', 2025, 26, 7],
    ['zorg-en-zekerheid', 2022, 4, 0],
    ['zilveren-kruis', 2022, 3, 0],
    ['menzis', 2022, 0, 1],
    ['vgz', 2022, 3, 0],
    ['cz', 2022, 7, 1],
    ['dsw', 2022, 6, 1],
    ['eno', 2022, 2, 0],
  ])('has the requirements of %s for %i: %i hard ones and %i soft ones', (insurer, contractYear, hard, soft) => {
    const contents = requirements
      .filter((one) => one.insurer === insurer && one.contractYear === contractYear)
      .map(({ revisions }) => revisions.at(-1)!.content);
    const count = (strictness: string) => contents.filter((content) => content.strictness === strictness).length;
    expect([count('hard'), count('soft')]).toEqual([hard, soft]);
  });

  it('says of each day from the memo on 2022 that its source is a secondary one', () => {
    const memo = registry.deadlines.flatMap(({ revisions }) =>
      revisions.filter(({ content }) => content.sources.some(({ document }) => document.startsWith('Inkoopbeleid zorgverzekeraars 2022'))),
    );
    const kinds = memo.map(({ content }) => content.basis?.kind);
    // The two that are computed say in words that they are the memo's.
    expect([kinds.length, kinds.filter((kind) => kind !== 'secondary_source')]).toEqual([45, ['computation', 'computation']]);
  });

  // The source documents are not part of the repository.
  const documents = process.env['SEEDS_DOCUMENTS'];
  it.skipIf(!documents)('has every quote in the documents, where SEEDS_DOCUMENTS names their folder', async () => {
    expect(await checkQuotes(registry, String(documents))).toEqual([]);
  });
});

describe('Zorg en Zekerheid 2025', () => {
  it('is complete', () => {
    const care = 'multidisciplinary_care';
    expect(rowsOf('zorg-en-zekerheid', 2025)).toEqual([
      ['publication', null, care, '2024-04-01', '2024-04-01', 'by', 'stated', 'insurer//any'],
      ['accounts', null, care, '2024-05-01', '2024-05-01', 'by', 'stated', 'ro/ro+wsv/any'],
      ['review_meeting', null, care, null, null, null, 'unknown', 'insurer+ro+wsv//any'],
      ['contract_request', null, care, '2024-08-31', '2024-08-31', 'by', 'stated', 'provider//uncontracted'],
      ['annual_plan', null, care, '2024-10-01', '2024-09-30', 'by', 'stated', 'ro/ro+wsv/contracted'],
      ['signing', null, care, '2024-12-31', '2024-12-31', 'by', 'stated', 'provider//any'],
      ['policy_supplement', null, care, null, null, null, 'unknown', 'insurer//any'],
      ['signing_term', null, care, null, null, 'by', 'stated', 'provider//uncontracted'],
      ['wsv_plan_review', null, care, null, null, null, 'unknown', 'ro/wsv/contracted'],
      ['certificate_request', null, care, null, null, null, 'unknown', 'provider//any'],
      ['register_check', null, care, null, null, null, 'unknown', 'provider//any'],
      ['innovation_start', 1, care, '2024-12-01', '2024-12-01', 'by', 'stated', 'provider//any'],
      ['innovation_start', 2, care, '2025-03-01', '2025-03-01', 'by', 'stated', 'provider//any'],
      ['innovation_start', 3, care, '2025-06-01', '2025-06-01', 'by', 'stated', 'provider//any'],
      ['innovation_start', 4, care, '2025-09-01', '2025-09-01', 'by', 'stated', 'provider//any'],
      ['innovation_request', null, 'gp_care', null, null, null, 'unknown', 'provider//any'],
      ['innovation_request', null, 'general', null, null, null, 'unknown', 'provider//any'],
      ['mtvp_clarity', null, care, null, null, null, 'unknown', 'insurer//any'],
      ['mental_health_networks_talk', null, care, null, null, null, 'unknown', 'insurer+ro//any'],
      ['coordination_fee_talk', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer+ro//any'],
      ['elderly_care_talk', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer+ro//any'],
      ['remote_monitoring_decision', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer//any'],
      ['programme_extension', null, care, '2026-12-31', '2026-12-31', 'by', 'stated', 'insurer//any'],
      ['fall_prevention', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer+ro//any'],
      ['wellbeing_on_prescription', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer+ro//any'],
      ['contract_term', null, care, '2025-12-31', '2025-12-31', 'by', 'stated', 'insurer+provider//any'],
    ]);
  });

  it('keeps both readings of the annual plan, with its consequence and its mailbox', () => {
    const { conflict, sources, consequence, extension, channel } = newest('zorg-en-zekerheid', 2025, 'annual_plan');
    expect([conflict?.kind, conflict?.days]).toEqual(['readings', ['2024-09-30', '2024-10-01']]);
    expect(sources.slice(0, 2).map(({ section, quote }) => [section, quote?.includes('1 oktober 2024')])).toEqual([
      ['6.3', true],
      ['5.3', true],
    ]);
    expect(consequence?.modality).toBe('possible');
    expect(extension?.possible).toBe(false);
    expect(channel).toEqual({ kind: 'email', address: 'zorginkoop.huisartsen@zorgenzekerheid.nl', subject: null, hours: null });
  });

  it('records the amendment of 2 May 2024 as a second revision of the accounts, on the same day', () => {
    const accounts = registry.deadlines.find((d) => d.insurer === 'zorg-en-zekerheid' && d.activity === 'accounts');
    expect(
      accounts?.revisions.map(({ announcedOn, content }) => [announcedOn, content.rule, content.reportingYear, content.channel]),
    ).toEqual([
      [null, { kind: 'fixed', on: '2024-05-01' }, 2023, null],
      ['2024-05-02', { kind: 'fixed', on: '2024-05-01' }, 2023, null],
    ]);
    expect(accounts?.revisions[0]?.reason).toContain('De eerdere versie van het document is niet beschikbaar');
    expect(accounts?.revisions[1]?.reason).toContain('Wijziging per 02-05-2024');
  });

  it('gives the literal subject line of a request for a contract', () => {
    expect(newest('zorg-en-zekerheid', 2025, 'contract_request').channel).toEqual({
      kind: 'email',
      address: 'zorginkoop.huisartsen@zorgenzekerheid.nl',
      subject: 'Verzoek zorgovereenkomst multidisciplinaire zorg',
      hours: null,
    });
  });

  it('starts the six weeks at the contract received', () => {
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' };
    expect(newest('zorg-en-zekerheid', 2025, 'signing_term').rule).toEqual(rule);
  });

  it('keeps the three mailboxes apart', () => {
    const contacts = registry.insurers.find(({ slug }) => slug === 'zorg-en-zekerheid')?.contacts.filter(({ email }) => email);
    expect(contacts?.map(({ email, phone, hours }) => [email, phone, hours])).toEqual([
      ['zorginkoop.huisartsen@zorgenzekerheid.nl', null, null],
      ['projectaanvraag@zorgenzekerheid.nl', null, null],
      ['huisartsen@zorgenzekerheid.nl', '071 582 5441', 'telefonisch tussen 8 en 12 uur (dagen niet genoemd)'],
    ]);
  });
});

describe('the other insurers and the sector', () => {
  it.each<[insurer: string | null, rows: unknown[][]]>([
    ['asr', []],
    ['caresq', []],
    ['de-friesland', []],
    ['eno', []],
    ['cz', [['xis_mark', null, 'gp_care', '2023-12-31', '2023-01-01', 'per', 'stated', 'insurer//any']]],
    [
      'dsw',
      [
        ['contract_term', null, 'gp_care', '2022-12-31', '2022-12-31', 'by', 'stated', 'insurer+provider//any'],
        ['contract_term', null, 'multidisciplinary_care', '2022-12-31', '2022-12-31', 'by', 'stated', 'insurer+provider//any'],
      ],
    ],
    [
      'menzis',
      [
        ['ict_readiness', null, 'multidisciplinary_care', '2022-07-31', '2022-07-01', 'per', 'stated', 'ro//any'],
        ['solution_selection', null, 'multidisciplinary_care', null, null, null, 'unknown', 'ro//any'],
        ['programme_change', null, 'multidisciplinary_care', '2022-01-01', '2022-01-01', 'by', 'stated', 'provider//any'],
        ['elderly_care_plan', null, 'multidisciplinary_care', '2022-07-01', '2022-07-01', 'by', 'stated', 'ro//any'],
      ],
    ],
    [
      'vgz',
      [
        ['contract_term', null, 'general', '2023-12-31', '2023-12-31', 'by', 'stated', 'insurer+provider//any'],
        ['early_contracting', null, 'gp_care', null, null, null, 'unknown', 'provider//any'],
        ['chain_effects_evidence', null, 'multidisciplinary_care', '2022-03-31', '2022-03-31', 'by', 'stated', 'ro//any'],
      ],
    ],
    [
      'zilveren-kruis',
      [
        ['contract_term', null, 'general', '2023-12-31', '2023-12-31', 'by', 'stated', 'insurer+provider//any'],
        ['contract_term', null, 'multidisciplinary_care', '2023-12-31', '2023-12-31', 'by', 'stated', 'insurer+provider//any'],
        ['regional_plan', null, 'multidisciplinary_care', '2021-09-01', '2021-08-31', 'before', 'stated', 'ro//any'],
        ['tariff_publication', null, 'multidisciplinary_care', null, null, null, 'unknown', 'insurer//any'],
      ],
    ],
    [
      null,
      [
        ['policy_change_window', null, 'general', null, null, null, 'unknown', 'insurer//any'],
        ['csrd_clarity', null, 'general', '2024-06-30', '2024-06-29', 'before', 'stated', 'insurer//any'],
        ['csrd_information', null, 'general', null, null, null, 'unknown', 'insurer//any'],
        ['csrd_report', null, 'general', '2026-12-31', '2026-12-31', 'by', 'stated', 'insurer//any'],
        ['csrd_delivery', null, 'general', null, null, null, 'unknown', 'provider//any'],
        ['green_deal', null, 'general', '2026-12-31', '2026-12-31', 'by', 'stated', 'provider//any'],
        ['sustainability_report', null, 'general', null, null, null, 'unknown', 'provider//any'],
        ['mobility_plan', null, 'general', null, null, null, 'stated', 'provider//any'],
      ],
    ],
  ])('have only what their documents say: %s', (insurer, rows) => {
    expect(rowsOf(insurer)).toEqual(rows);
  });

  it('leaves a day without a printed year undated', () => {
    expect(rowsOf('zorg-en-zekerheid', 2022)).toEqual([
      ['annual_plan', null, 'multidisciplinary_care', null, null, null, 'unknown', 'ro+wsv//any'],
      ['wsv_plan_review', null, 'multidisciplinary_care', null, null, null, 'unknown', 'ro/wsv/any'],
    ]);
  });
});
