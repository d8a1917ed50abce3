/** The field's vocabulary as schemas: each closed list of words under its name, with what it means. */
import {
  ACTIVITIES,
  ACTORS,
  BOUNDARIES,
  CARE_TYPES,
  CERTAINTIES,
  CHANNEL_KINDS,
  CONSEQUENCE_KINDS,
  DATED_KINDS,
  DUTY_STATUSES,
  EVENT_KINDS,
  KINDS,
  LANGUAGES,
  MODALITIES,
  NO_TERM_REASONS,
  READERS,
  RELATION_STATUSES,
  ROLES,
  STRICTNESSES,
} from '../terms.ts';
import { named, OneOf } from './described.ts';

export const ActivitySchema = named(
  'Activity',
  OneOf(ACTIVITIES),
  'What is due. The first five are the yearly rhythm that every insurer has; other is what has no activity of its own: its title says what it is, ' +
    'and its key tells it from the others',
  'annual_plan',
);

export const KindSchema = named(
  'Kind',
  OneOf(KINDS),
  'What kind of thing it is. deadline: somebody must have done something by then; window: opens and closes; period: happens within; term: how long ' +
    'a contract runs; intention: what an insurer plans; commitment: a standing promise; requirement: without it there is no contract',
  'deadline',
);

export const DatedKindSchema = named('DatedKind', OneOf(DATED_KINDS), 'A kind of thing that can have a day', 'deadline');

export const StrictnessSchema = named(
  'Strictness',
  OneOf(STRICTNESSES),
  'Of a requirement. hard: the insurer demands it; soft: it is wished for',
  'hard',
);

export const ConsequenceKindSchema = named(
  'ConsequenceKind',
  OneOf(CONSEQUENCE_KINDS),
  'penalty: what being late costs; bonus: what being in time brings; note: what else follows',
  'penalty',
);

export const CareTypeSchema = named('CareType', OneOf(CARE_TYPES), 'The kind of care that is bought', 'multidisciplinary_care');

export const CertaintySchema = named(
  'Certainty',
  OneOf(CERTAINTIES),
  "How sure a date is. stated: the insurer's document says so, or a named secondary source; sector_rule: a public rule for all health insurers; " +
    "expected: taken from this insurer's own earlier date; template: an assumption, this insurer said nothing; unknown: no day is known",
  'stated',
);

export const BoundarySchema = named(
  'Boundary',
  OneOf(BOUNDARIES),
  'How the named day bounds. by: that day included; before: the day before; per: from the first day of what is named',
  'by',
);

export const ActorSchema = named(
  'Actor',
  OneOf(ACTORS),
  'Who may have to act. provider is whoever contracts: every role of an organisation',
  'ro',
);

export const RoleSchema = named(
  'Role',
  OneOf(ROLES),
  'What an organisation is. ro: a regional organisation; wsv: a neighbourhood partnership; practice: a GP practice; provider: another care provider',
  'ro',
);

export const ReaderSchema = named(
  'Reader',
  OneOf(READERS),
  'As whom a deadline concerns an organisation: in one of its roles, or informed, only to know of it',
  'ro',
);

export const DutyStatusSchema = named('DutyStatus', OneOf(DUTY_STATUSES), 'For which contract status a duty holds', 'contracted');

export const RelationStatusSchema = named(
  'RelationStatus',
  OneOf(RELATION_STATUSES),
  'How an organisation stands with an insurer. unknown: duties of both statuses are shown',
  'contracted',
);

export const ModalitySchema = named('Modality', OneOf(MODALITIES), 'Whether a consequence is sure to follow, or may follow', 'possible');

export const ChannelKindSchema = named('ChannelKind', OneOf(CHANNEL_KINDS), 'By what kind of way something is handed in', 'email');

export const EventKindSchema = named(
  'EventKind',
  OneOf(EVENT_KINDS),
  'What happened at the organisation itself and starts a term',
  'contract_received',
);

export const NoTermReasonSchema = named(
  'NoTermReason',
  OneOf(NO_TERM_REASONS),
  'Why no term starts. no_rule: no document of this insurer is known that gives one; other_contract_status: the rule is for another contract ' +
    'status, such as for who had no contract; other_role: the rule is for other roles; no_relation: the organisation no longer deals with the insurer',
  'no_rule',
);

export const LanguageSchema = named('Language', OneOf(LANGUAGES), 'A language that people read: Dutch or English', 'nl');
