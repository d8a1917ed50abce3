/** Who lives the recorded life, and what feeds and recipients can choose: one of each, so that what each choice shows is recorded. */

const related = (insurer: string, contractStatus: string, preferred = false) => ({ insurer, contractStatus, preferred });
/** An organisation of each role. The second delivers by the first. */
export const ORGANISATIONS = {
  ro: {
    name: 'Regio Zuid',
    roles: ['ro'],
    insurers: [
      related('zorg-en-zekerheid', 'contracted', true),
      related('zilveren-kruis', 'contracted'),
      related('vgz', 'contracted'),
      related('cz', 'uncontracted'),
      related('dsw', 'unknown'),
    ],
  },
  wsv: { name: 'WSV De Wijk', roles: ['wsv'], insurers: [related('zorg-en-zekerheid', 'contracted', true)] },
  practice: { name: 'Practice “Away”', language: 'en', roles: ['practice'], insurers: [related('zorg-en-zekerheid', 'uncontracted')] },
  provider: { name: 'Zorg & Zo', roles: ['provider'], insurers: [related('menzis', 'unknown'), related('vgz', 'uncontracted')] },
};

const CERTAINTIES = ['stated', 'sector_rule', 'expected', 'template', 'unknown'];
const READERS = ['ro', 'wsv', 'practice', 'provider', 'informed'];

/** A feed for each choice, by its label. */
export const FEEDS: Record<string, object> = {
  plain: {},
  'one insurer': { insurers: ['zorg-en-zekerheid'] },
  'two insurers': { insurers: ['zorg-en-zekerheid', 'vgz'] },
  sector: { insurers: ['sector'] },
  'an insurer without relation': { insurers: ['menzis'] },
  ...Object.fromEntries(READERS.map((role) => [`as ${role}`, { roles: [role] }])),
  ...Object.fromEntries(CERTAINTIES.map((certainty) => [`only ${certainty}`, { certainty: [certainty] }])),
  'only intentions': { kinds: ['intention'] },
  'all kinds': { kinds: ['deadline', 'window', 'period', 'term', 'intention', 'commitment'] },
  alarms: { alarms: [14, 3, 0] },
  english: { language: 'en' },
  dutch: { language: 'nl' },
  'done shown': { showCompleted: true },
  everything: {
    insurers: ['zorg-en-zekerheid', 'zilveren-kruis', 'sector'],
    roles: ['ro', 'wsv', 'informed'],
    certainty: ['stated', 'expected', 'sector_rule'],
    alarms: [42, 7],
    language: 'en',
    showCompleted: true,
  },
  rotated: { showCompleted: true },
  ended: {},
};

interface Chosen {
  organisation: 'ro' | 'wsv' | 'practice' | 'provider';
  /** Who answers the mail that asks whether the address is right. */
  confirms: boolean;
  input: { email: string } & Record<string, unknown>;
}

/** Recipients of each organisation, with what each chose. */
export const RECIPIENTS: Chosen[] = [
  { organisation: 'ro', confirms: true, input: { email: 'anna@ro.example' } },
  { organisation: 'ro', confirms: true, input: { email: 'bert@ro.example', digest: 'weekly', language: 'en', leadDays: [28, 7, 1] } },
  { organisation: 'ro', confirms: false, input: { email: 'carla@ro.example' } },
  { organisation: 'wsv', confirms: true, input: { email: 'wim@wsv.example', sendHour: '12:00', pausedUntil: '2024-09-02' } },
  { organisation: 'wsv', confirms: true, input: { email: 'zoe@wsv.example', language: 'en' } },
  { organisation: 'practice', confirms: true, input: { email: 'emma@practice.example', leadDays: [14, 0] } },
  {
    organisation: 'provider',
    confirms: true,
    input: { email: 'piet@provider.example', deputy: { email: 'dirk@provider.example', until: '2024-10-31' } },
  },
  { organisation: 'provider', confirms: true, input: { email: 'kees@provider.example' } },
];
