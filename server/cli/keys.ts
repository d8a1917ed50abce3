/** `key`: the access keys of organisations and editors, for whoever runs the service. */
import type { Command } from 'commander';
import { checkerFor } from '../../calendars/schema/validation.ts';
import { createKey, keyOwner, listKeys, revokeKey, rotateKey, type KeyOwner } from '../../db/organisations/keys.ts';
import { getOrganisation } from '../../db/organisations/organisations.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { listEditorKeys, refuseEnvironment } from '../api/editor-keys.ts';
import { KeyInput, KeyRotation, keyView } from '../api/key-shapes.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function keyCommands(program: Command): void {
  const key = program.command('key').description('access keys');
  key
    .command('list')
    .description("an organisation's keys that work, or those of the editors unless one is named; never the keys themselves")
    .option('--organisation <id>')
    .option('--json')
    .action(list);
  key
    .command('create')
    .description('make a key, for an editor unless an organisation is named; it is shown this once')
    .option('--organisation <id>')
    .option('--label <label>', 'who uses it', 'Sleutel')
    .option('--json')
    .action(create);
  key
    .command('rotate')
    .description('make the key that takes the place of another, shown this once; the other still works for a while')
    .argument('<id>', 'as key list shows it')
    .option('--overlap-days <days>', 'how many days the other still works; with 0 it ends at once (default: 7)')
    .option('--json')
    .action(rotate);
  key
    .command('revoke')
    .description('end a key, also the last one: the next request with it is refused, on every instance')
    .argument('<id>', 'as key list shows it')
    .option('--json')
    .action(revoke);
}

type OwnerOptions = OutputOptions & { organisation?: string };

async function list({ organisation, json = false }: OwnerOptions) {
  await inSession(async ({ read, config, now }) => {
    const owner = await requireOwner(read, organisation);
    const keys = owner === null ? await listEditorKeys(read, config.editorKey, now) : (await listKeys(read, owner, now)).map(keyView);
    printRows(keys, { json }, ({ id, label, createdAt, lastUsedAt, endsAt }) => ({
      id,
      label,
      created: createdAt,
      'last used': lastUsedAt === null ? 'never' : hourOf(lastUsedAt),
      ends: endsAt,
    }));
  });
}

async function create({ organisation, label: given, json = false }: OwnerOptions & { label: string }) {
  const { label } = checkKey({ label: given });
  await inSession(async ({ change, now }) => {
    const { id, key } = await change(async (tx) => createKey(tx, await requireOwner(tx, organisation), label, now));
    printOne({ id, for: organisation ?? 'editor', label, key }, { json });
  });
}

const checkKey = checkerFor(KeyInput, 'The key');

async function rotate(given: string, { overlapDays, json = false }: OutputOptions & { overlapDays?: string }) {
  const rotation = checkRotation(overlapDays === undefined ? {} : { overlapDays: Number(overlapDays) });
  refuseEnvironment(given);
  const former = given.toLowerCase();
  await inSession(async ({ change, now }) => {
    const rotated = await change(async (tx) => {
      const owner = await keyOwner(tx, former, now);
      return { owner, ...(await rotateKey(tx, owner, former, rotation, now)) };
    });
    const { id, owner, label, key, formerKeyEndsAt } = rotated;
    printOne({ id, for: owner ?? 'editor', label, key, 'former key ends': formerKeyEndsAt.toISOString() }, { json });
  });
}

const checkRotation = checkerFor(KeyRotation, 'The rotation');

async function revoke(given: string, { json = false }: OutputOptions) {
  refuseEnvironment(given);
  const id = given.toLowerCase();
  await inSession(async ({ change, now }) => {
    const owner = await change(async (tx) => {
      const whose = await keyOwner(tx, id, now);
      // Whoever runs the service can make another.
      await revokeKey(tx, whose, id, { keepsOne: false }, now);
      return whose;
    });
    printOne({ id, for: owner ?? 'editor', revoked: now.toISOString() }, { json });
  });
}

/** Throws `not_found` for an organisation that does not exist. */
async function requireOwner(db: ReadDb, organisation: string | undefined): Promise<KeyOwner> {
  return organisation === undefined ? null : (await getOrganisation(db, organisation)).id;
}

/** It is not known any closer. */
const hourOf = (moment: string) => `${moment.slice(0, 13).replace('T', ' ')}h UTC`;
