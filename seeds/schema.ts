/** The shape of one YAML file of the registry. */
import { type Static, Type } from '../calendars/schema/typebox.ts';
import { Basis, BASIS_KINDS, ContractYear, DaySchema, Nullable, OneOf, Source } from '../calendars/deadlines/deadline.ts';
import { saidInFiles } from '../calendars/exchange/shape.ts';
import { ACTIVITIES, CARE_TYPES } from '../calendars/terms.ts';

const closed = { additionalProperties: false } as const;
const Text = (maxLength = 2000) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const Link = Type.String({ format: 'uri', maxLength: 500 });
const Id = Type.String({ format: 'uuid' });
const Key = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Small letters, digits and hyphens' });

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

/** Something worth knowing that is no deadline. A quote is checked like a deadline's; it needs the document it stands in. */
const Remark = Type.Object(
  { text: Text(), document: Type.Optional(Key), section: Type.Optional(Text(200)), quote: Type.Optional(Text()) },
  closed,
);

/** A source document. `file` is its name in the folder of documents that the quotes are checked against. */
const Document = Type.Object(
  {
    key: Key,
    title: Text(200),
    version: Type.Optional(Text(50)),
    url: Type.Optional(Link),
    publishedOn: Type.Optional(DaySchema),
    file: Type.Optional(Type.String({ pattern: '^[\\w.-]+$', maxLength: 200 })),
    ocr: Type.Optional(Type.Boolean()),
    remarks: Type.Optional(Type.Array(Type.Omit(Remark, ['document'], closed))),
  },
  closed,
);
export type DocumentEntry = Static<typeof Document>;

/** What one revision says. What is not given is not known. */
const Revision = Type.Object(
  {
    reason: Text(),
    announcedOn: Type.Optional(DaySchema),
    ...saidInFiles({
      certainty: Type.Enum(['stated', 'sector_rule', 'unknown']),
      basis: Type.Object({ kind: OneOf(BASIS_KINDS), text: Text(), successorSeen: Basis.properties.successorSeen }, closed),
    }),
    sources: Type.Array(
      Type.Object(
        { document: Key, section: Type.Optional(Text(200)), quote: Source.properties.quote, url: Type.Optional(Source.properties.url) },
        closed,
      ),
      { maxItems: 20 },
    ),
  },
  closed,
);
export type RevisionEntry = Static<typeof Revision>;

/** When entries were last compared with their documents, and by whom. */
const Checked = Type.Object({ on: DaySchema, by: Text(100) }, closed);

/** One deadline: an `id`, or with a slot rule one id per quarter; `{slot}` in its title is the quarter's number. */
const Deadline = Type.Object(
  {
    id: Type.Optional(Id),
    slots: Type.Optional(Type.Object({ 1: Id, 2: Id, 3: Id, 4: Id }, closed)),
    contractYear: ContractYear,
    careType: OneOf(CARE_TYPES),
    activity: OneOf(ACTIVITIES),
    key: Type.Optional(Key),
    checked: Type.Optional(Checked),
    revisions: Type.Array(Revision, { minItems: 1 }),
  },
  closed,
);
export type DeadlineEntry = Static<typeof Deadline>;

const Insurer = Type.Object(
  {
    slug: Key,
    name: Text(100),
    kind: OneOf(['health_insurer', 'purchasing_party']),
    website: Nullable(Link),
    aliases: Type.Array(Text(100)),
  },
  closed,
);

/** One file: an insurer, or with `insurer: null` what holds for all. `documents` declares, or names the key of one declared elsewhere. */
export const RegistryFile = Type.Object(
  {
    insurer: Nullable(Insurer),
    /** Of all its deadlines that have none of their own. */
    checked: Type.Optional(Checked),
    contacts: Type.Array(Contact),
    documents: Type.Array(Type.Union([Document, Key])),
    remarks: Type.Array(Remark),
    deadlines: Type.Array(Deadline),
  },
  closed,
);
export type RegistryFile = Static<typeof RegistryFile>;
