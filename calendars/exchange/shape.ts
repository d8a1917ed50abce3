/** The registry as a file that goes from one database to another: the form of seeds/registry, with all that the store knows beside it. */
import {
  Basis as BasisSchema,
  BASIS_KINDS,
  ChannelInput,
  Consequence,
  Content,
  ContractYear,
  DaySchema,
  Duty,
  Identity,
  Nullable,
  OneOf,
  Precedent,
  Source,
} from '../deadlines/deadline.ts';
import { type Static, type TSchema, Type } from '../schema/typebox.ts';
import { ACTIVITIES, CARE_TYPES, CERTAINTIES, INSURER_KINDS, STRICTNESSES } from '../terms.ts';

/** What the head of a file says it is. Another number is another form. */
export const FORMAT = 'inkoopkalender-registry/1';

const closed = { additionalProperties: false } as const;
const Text = (maxLength = 2000, description?: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', ...(description === undefined ? {} : { description }) });
const Link = Type.String({ format: 'uri', maxLength: 500 });
const Id = Type.String({ format: 'uuid' });
const Key = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 100, description: 'Small letters, digits and hyphens' });
const Moment = Type.String({ format: 'date-time', description: 'A moment, as 2024-05-02T10:00:00.000Z' });
const Count = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });

const Contact = Type.Object(
  {
    purpose: Text(300),
    email: Nullable(Type.String({ format: 'address' })),
    phone: Nullable(Text(50)),
    url: Nullable(Link),
    hours: Nullable(Text(100)),
  },
  closed,
);

/** What is worth knowing and is no deadline. A text that was put together with its quote is longer than the text that somebody wrote. */
const Remark = Type.Object(
  { text: Text(6000), document: Type.Optional(Key), section: Type.Optional(Text(200)), quote: Type.Optional(Text()) },
  closed,
);

/** What the registry's own files said of it when they were loaded last: until they say something else, what an editor changed since stays. */
const Loaded = Text(100, "Which saying of the registry's own files was loaded last");

const Document = Type.Object(
  {
    key: Key,
    title: Text(300),
    version: Type.Optional(Text(100)),
    url: Type.Optional(Link),
    publishedOn: Type.Optional(DaySchema),
    hash: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the file as the editors were given it: 64 hexadecimal digits' }),
    ),
    loaded: Type.Optional(Loaded),
    file: Type.Optional(Type.String({ pattern: '^[\\w.-]+$', maxLength: 200 })),
    ocr: Type.Optional(Type.Boolean({ description: 'Whether sources name it as a text that a scan gave' })),
    remarks: Type.Optional(Type.Array(Type.Omit(Remark, ['document'], closed))),
  },
  closed,
);
export type DocumentEntry = Static<typeof Document>;

/** Names its document by the key of one of the file or of the registry, or where there is none by what it is called. */
const Cited = Type.Object(
  {
    document: Type.Optional(Key),
    documentName: Type.Optional(Source.properties.document),
    section: Type.Optional(Source.properties.section),
    quote: Source.properties.quote,
    url: Type.Optional(Source.properties.url),
  },
  closed,
);
export type CitedEntry = Static<typeof Cited>;

const Basis = Type.Object(
  {
    kind: OneOf(BASIS_KINDS),
    deadlineId: Type.Optional(Nullable(Id)),
    text: Text(),
    successorSeen: BasisSchema.properties.successorSeen,
    term: Type.Optional(Type.Object({ first: Type.Integer(), last: Type.Integer() }, closed)),
  },
  closed,
);

/** That readers were told of it as a change: from which revision, and since when as which number. Without a moment: not yet. */
const Change = Type.Object({ from: Count, number: Type.Optional(Count), publicAt: Type.Optional(Moment) }, closed);

const fields = Content.properties;
/**
 * What files say of a deadline, the registry's own and those that leave a database, in which only the words for how sure it is and on what it rests
 * differ. What is not given is not known.
 */
export const saidInFiles = <C extends TSchema, B extends TSchema>({ basis, certainty }: { basis: B; certainty: C }) => ({
  kind: Type.Optional({ ...fields.kind, description: 'Where it is not given, that of the activity' }),
  title: fields.title,
  rule: fields.rule,
  boundary: Type.Optional(fields.boundary),
  certainty,
  basis: Type.Optional(basis),
  reportingYear: Type.Optional(fields.reportingYear),
  duty: Type.Object(
    {
      actors: Duty.properties.actors,
      onBehalfOf: Type.Optional(Duty.properties.onBehalfOf),
      contractStatus: Duty.properties.contractStatus,
      deliverable: Type.Optional(Duty.properties.deliverable),
    },
    closed,
  ),
  channel: Type.Optional(ChannelInput),
  consequence: Type.Optional(Type.Object({ ...Consequence.properties, kind: Type.Optional(Consequence.properties.kind) }, closed)),
  extension: Type.Optional(fields.extension),
  conflict: Type.Optional(fields.conflict),
  strictness: Type.Optional(OneOf(STRICTNESSES)),
});

/** What one revision says, and how it came about. What is not given is not known. */
const Revision = Type.Object(
  {
    reason: Type.Optional(Text()),
    announcedOn: Type.Optional(DaySchema),
    revisedAt: Type.Optional(Moment),
    origin: Type.Optional(OneOf(['registry', 'editor', 'projection'])),
    status: Type.Optional(OneOf(['published', 'withdrawn'])),
    ...saidInFiles({ certainty: Type.Enum([...CERTAINTIES]), basis: Basis }),
    dueOn: Type.Optional(DaySchema),
    lastSafeOn: Type.Optional(DaySchema),
    precedent: Type.Optional(Precedent),
    sources: Type.Array(Cited, { maxItems: 20 }),
    digest: Type.Optional(Text(100, "Which saying of the registry's own files it is, so that these do not say it again")),
    changeId: Type.Optional(Id),
    change: Type.Optional(Change),
  },
  closed,
);
export type RevisionEntry = Static<typeof Revision>;

const Checked = Type.Object({ on: DaySchema, by: Text(100) }, closed);

/** One deadline: an `id`, or with a slot rule one id per quarter. Without either it is known by its place, and gets an id. */
const Deadline = Type.Object(
  {
    id: Type.Optional(Id),
    slots: Type.Optional(Type.Object({ 1: Id, 2: Id, 3: Id, 4: Id }, closed)),
    contractYear: ContractYear,
    careType: OneOf(CARE_TYPES),
    activity: OneOf(ACTIVITIES),
    slot: Type.Optional(Identity.properties.slot),
    key: Type.Optional({ ...Key, maxLength: 60 }),
    checked: Type.Optional(Checked),
    sequence: Type.Optional(Count),
    createdAt: Type.Optional(Moment),
    changedAt: Type.Optional(Moment),
    revisions: Type.Array(Revision, { minItems: 1, maxItems: 1000 }),
  },
  closed,
);
export type DeadlineEntry = Static<typeof Deadline>;

const Insurer = Type.Object(
  { slug: Key, name: Text(100), kind: OneOf(INSURER_KINDS), website: Nullable(Link), aliases: Type.Array(Text(100)) },
  closed,
);

/**
 * One part of a file: an insurer, or with `insurer: null` what holds for all; or by its slug alone an insurer that stands elsewhere. `contacts`,
 * `documents` and `remarks` that are not given stay as they are.
 */
export const ExchangePart = Type.Object(
  {
    insurer: Type.Union([Insurer, Key, Type.Null()]),
    /** Of all its deadlines that have none of their own. */
    checked: Type.Optional(Checked),
    loaded: Type.Optional(Loaded),
    contacts: Type.Optional(Type.Array(Contact)),
    documents: Type.Optional(Type.Array(Type.Union([Document, Key]))),
    remarks: Type.Optional(Type.Array(Remark)),
    deadlines: Type.Optional(Type.Array(Deadline)),
  },
  closed,
);
export type ExchangePart = Static<typeof ExchangePart>;

/** What stands before the parts: which form it is, and the head of the audit when it was written, which a reader keeps to see later that nothing was cut off. */
export const ExchangeHead = Type.Object(
  {
    format: Type.Enum([FORMAT]),
    audit: Type.Optional(
      Type.Object(
        { rows: Count, head: Type.String({ pattern: '^([0-9a-f]{64})?$', description: 'A hash; empty where there are no rows' }) },
        closed,
      ),
    ),
  },
  closed,
);
export type ExchangeHead = Static<typeof ExchangeHead>;
