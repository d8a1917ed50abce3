/** A channel: where something is handed in, or asked. */
import { described, named, Nullable, Text } from './described.ts';
import { Type, type Static } from './typebox.ts';
import { ChannelKindSchema } from './words.ts';

const closed = { additionalProperties: false } as const;

export const Channel = named(
  'Channel',
  Type.Object(
    {
      kind: described(ChannelKindSchema, 'By what kind of way'),
      address: described(
        Nullable(Text(300, 'The mailbox, portal or number', 'zorginkoop.huisartsen@zorgenzekerheid.nl')),
        'The mailbox, portal, page or number; null when it is not known',
      ),
      subject: described(
        Nullable(Type.String({ minLength: 1, maxLength: 300, examples: ['Verzoek zorgovereenkomst multidisciplinaire zorg'] })),
        'A fixed subject line, literally; null where none is asked for',
      ),
      hours: described(
        Nullable(Text(100, 'When it can be reached', 'telefonisch tussen 8 en 12 uur')),
        'When it can be reached; null when it is not known',
      ),
    },
    closed,
  ),
  'Where to hand in or to ask',
);
export type Channel = Static<typeof Channel>;

/** A channel as it is typed: what is not given is not known. */
export const ChannelInput = named(
  'ChannelInput',
  Type.Object(
    {
      kind: Channel.properties.kind,
      address: Type.Optional(Channel.properties.address),
      subject: Type.Optional(Channel.properties.subject),
      hours: Type.Optional(Channel.properties.hours),
    },
    closed,
  ),
  'Where to hand in or to ask; what is not given is not known',
);
