/** The field's fixed vocabulary: every closed list of words that code, API and database share. */

/** What can be due. The five of the yearly rhythm come first, then what the source documents add. */
export const ACTIVITIES = [
  'publication',
  'accounts',
  'contract_request',
  'annual_plan',
  'signing',
  'review_meeting',
  'policy_supplement',
  'signing_term',
  'wsv_plan_review',
  'innovation_start',
  'innovation_request',
  'certificate_request',
  'register_check',
  'mtvp_clarity',
  'mental_health_networks_talk',
  'coordination_fee_talk',
  'elderly_care_talk',
  'remote_monitoring_decision',
  'programme_extension',
  'fall_prevention',
  'wellbeing_on_prescription',
  'ict_readiness',
  'solution_selection',
  'programme_change',
  'elderly_care_plan',
  'chain_effects_evidence',
  'regional_plan',
  'xis_mark',
  'early_contracting',
  'tariff_publication',
  'contract_term',
  'policy_change_window',
  'csrd_clarity',
  'csrd_information',
  'csrd_report',
  'csrd_delivery',
  'green_deal',
  'sustainability_report',
  'mobility_plan',
  'contract_requirement',
  'other',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** The activities that an insurer's year may have as often as needed, each told apart by a key. */
export const KEYED_ACTIVITIES = ['contract_requirement', 'other'] as const satisfies readonly Activity[];

/** The five activities that every insurer has in every contract year. */
export const RHYTHM = ['publication', 'accounts', 'contract_request', 'annual_plan', 'signing'] as const satisfies readonly Activity[];
export type RhythmActivity = (typeof RHYTHM)[number];

/** A health insurer is bound by the sector's rules; a party that buys care for others is not. */
export const INSURER_KINDS = ['health_insurer', 'purchasing_party'] as const;
export type InsurerKind = (typeof INSURER_KINDS)[number];

/** Who said what an entry says: a file of the registry, an editor, or the service, which projected it. */
export type Origin = 'registry' | 'editor' | 'projection';

/**
 * What kind of thing an entry is. `deadline`: somebody must have done something by then. `window`: it opens and closes. `period`: it happens
 * within. `term`: how long a contract runs. `intention`: what an insurer plans. `commitment`: a standing promise. `requirement`: what
 * an insurer demands of who wants a contract, or wishes.
 */
export const DATED_KINDS = ['deadline', 'window', 'period', 'term', 'intention', 'commitment'] as const;
export const KINDS = [...DATED_KINDS, 'requirement'] as const;
export type Kind = (typeof KINDS)[number];
/** A requirement never has a day. */
export type DatedKind = (typeof DATED_KINDS)[number];

/** Whether an insurer demands it, or only wishes it. */
export const STRICTNESSES = ['hard', 'soft'] as const;
export type Strictness = (typeof STRICTNESSES)[number];

export const CARE_TYPES = ['multidisciplinary_care', 'gp_care', 'general'] as const;
export type CareType = (typeof CARE_TYPES)[number];

/** How sure a date is. `unknown` never has a day. */
export const CERTAINTIES = ['stated', 'sector_rule', 'expected', 'template', 'unknown'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** `by`: that day included. `before`: the day before. `per`: from the first day of what is named. */
export const BOUNDARIES = ['by', 'before', 'per'] as const;

/** Who may have to act. `provider` is whoever contracts: every role of an organisation. */
export const ACTORS = ['insurer', 'ro', 'wsv', 'practice', 'provider'] as const;
export type Actor = (typeof ACTORS)[number];

/** What an organisation can be. */
export const ROLES = ['ro', 'wsv', 'practice', 'provider'] as const;
export type Role = (typeof ROLES)[number];

/** As whom a deadline concerns an organisation: in one of its roles, or only to know of it. */
export const READERS = [...ROLES, 'informed'] as const;
export type Reader = (typeof READERS)[number];

/** For which contract status a duty holds. */
export const DUTY_STATUSES = ['contracted', 'uncontracted', 'any'] as const;
export type DutyStatus = (typeof DUTY_STATUSES)[number];

/** How an organisation stands with an insurer. */
export const RELATION_STATUSES = ['contracted', 'uncontracted', 'unknown'] as const;
export type RelationStatus = (typeof RELATION_STATUSES)[number];

export const MODALITIES = ['certain', 'possible'] as const;
/** `penalty`: what being late costs. `bonus`: what being in time brings. `note`: what else follows. */
export const CONSEQUENCE_KINDS = ['penalty', 'bonus', 'note'] as const;
export const CHANNEL_KINDS = ['email', 'portal', 'website', 'phone', 'meeting', 'register', 'document', 'internal'] as const;
export const EVENT_KINDS = ['contract_received'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
/** Why an own event started no term. */
export const NO_TERM_REASONS = ['no_rule', 'other_contract_status', 'other_role', 'no_relation'] as const;
export type NoTermReason = (typeof NO_TERM_REASONS)[number];

/** What became of a deadline that an organisation has done with: it was handed in, or it need not be. */
export type Outcome = 'submitted' | 'not_applicable';

export const LANGUAGES = ['nl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A calendar day, `YYYY-MM-DD`. Never a moment. */
export type Day = string;
