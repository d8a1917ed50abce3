/** Of which kind an entry is where nothing else is said, and what is done with the kinds. */
import { KEYED_ACTIVITIES, type Activity, type Kind } from '../terms.ts';

/** The kind of an activity. */
export const KIND_OF: Record<Activity, Kind> = {
  publication: 'deadline',
  accounts: 'deadline',
  contract_request: 'deadline',
  annual_plan: 'deadline',
  signing: 'deadline',
  review_meeting: 'deadline',
  policy_supplement: 'deadline',
  signing_term: 'deadline',
  wsv_plan_review: 'deadline',
  innovation_start: 'deadline',
  innovation_request: 'window',
  certificate_request: 'deadline',
  register_check: 'deadline',
  mtvp_clarity: 'intention',
  mental_health_networks_talk: 'intention',
  coordination_fee_talk: 'intention',
  elderly_care_talk: 'period',
  remote_monitoring_decision: 'intention',
  programme_extension: 'intention',
  fall_prevention: 'intention',
  wellbeing_on_prescription: 'intention',
  ict_readiness: 'deadline',
  solution_selection: 'deadline',
  programme_change: 'deadline',
  elderly_care_plan: 'deadline',
  chain_effects_evidence: 'deadline',
  regional_plan: 'deadline',
  xis_mark: 'intention',
  early_contracting: 'deadline',
  tariff_publication: 'deadline',
  contract_term: 'term',
  policy_change_window: 'window',
  csrd_clarity: 'intention',
  csrd_information: 'intention',
  csrd_report: 'period',
  csrd_delivery: 'deadline',
  green_deal: 'commitment',
  sustainability_report: 'commitment',
  mobility_plan: 'commitment',
  contract_requirement: 'requirement',
  other: 'deadline',
};

/** Whether several of an activity may stand beside each other in an insurer's year, told apart by their keys. */
export function isKeyed(activity: Activity): boolean {
  return KEYED_ACTIVITIES.some((one) => one === activity);
}

/** What lists and calendars show unless something else is asked for. */
export const COUNTED_KINDS = ['deadline', 'window'] as const satisfies readonly Kind[];

/** Whether an entry's day is counted down: reminded of, escalated, marked as done, told of when it moves. Of a window that is its end. */
export function isCounted({ kind }: { kind: Kind }): boolean {
  return kind === 'deadline' || kind === 'window';
}
