/** What calls about keys take and show: an organisation's and the editors' are alike. */
import { Type, type Static } from '../../calendars/schema/typebox.ts';
import { Nullable } from '../../calendars/deadlines/deadline.ts';
import type { ListedKey } from '../../db/organisations/keys.ts';
import { closed, described, Id, MomentSchema, named, Text } from './shapes.ts';

const OVERLAP_DAYS = 7;

const Label = Text(200, 'Who or what uses it', 'Koppeling zaaksysteem');

export const KeyInput = named('KeyInput', Type.Object({ label: Label }, closed), 'What a key is called');
export const KeyRotation = named(
  'KeyRotation',
  Type.Object(
    {
      overlapDays: Type.Integer({
        minimum: 0,
        maximum: 90,
        default: OVERLAP_DAYS,
        examples: [OVERLAP_DAYS],
        description: 'How many days the key that is replaced still works. With 0 it ends at once, as after a leak',
      }),
    },
    closed,
  ),
  'How the key that is replaced ends',
);
/** All of a rotation has a default, so that a call without a body is one with an empty object. */
export const DEFAULT_ROTATION: Static<typeof KeyRotation> = { overlapDays: OVERLAP_DAYS };

/** What is shown of every key, wherever it stands. */
export const shownOfKey = {
  label: Label,
  lastUsedAt: described(
    Nullable(MomentSchema),
    'The beginning of the hour in which it was used last, known within minutes; null when it never was since that is kept',
    '2024-09-16T05:00:00.000Z',
  ),
  endsAt: described(
    Nullable(MomentSchema),
    'When it stops, because another took its place; null where it stays',
    '2024-09-23T05:30:00.000Z',
  ),
};

const ownKey = { id: Id('The key, and no secret'), ...shownOfKey, createdAt: described(MomentSchema, 'When it was made, in UTC') };
const secret = {
  key: Type.String({ description: 'The key itself: only now, it is not kept', examples: ['ik_3xampl3'] }),
};
const formerKeyEndsAt = described(MomentSchema, 'Until when the key that was replaced still works', '2024-09-23T05:30:00.000Z');

export const KeyView = named('Key', Type.Object(ownKey, closed), 'A key, without the key itself');
export const NewKeyView = named('NewKey', Type.Object({ ...ownKey, ...secret }, closed), 'A key with itself, which is shown this once');
export const RotatedKeyView = named(
  'RotatedKey',
  Type.Object({ ...ownKey, ...secret, formerKeyEndsAt }, closed),
  'The key that took the place of another, with itself, which is shown this once',
);

export function keyView({ id, label, createdAt, lastUsedAt, endsAt }: ListedKey): Static<typeof KeyView> {
  return {
    id,
    label,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
  };
}

export function rotatedKeyView(rotated: ListedKey & { key: string; formerKeyEndsAt: Date }): Static<typeof RotatedKeyView> {
  return { ...keyView(rotated), key: rotated.key, formerKeyEndsAt: rotated.formerKeyEndsAt.toISOString() };
}
