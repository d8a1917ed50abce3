/** `editor`: who may change the registry, for whoever runs the service. */
import type { Command } from 'commander';
import { Type } from '../../../calendars/schema/typebox.ts';
import { checkerFor } from '../../../calendars/schema/validation.ts';
import { LanguageSchema } from '../../../calendars/schema/words.ts';
import { addEditor, listEditors } from '../../../db/people/editors.ts';
import { removeEditor } from '../../../db/people/erasure.ts';
import { Email } from '../../api/organisations/recipient-shapes.ts';
import { closed, Text } from '../../api/shapes.ts';
import { printOne, printRows, type OutputOptions } from '../output.ts';
import { inSession } from '../session.ts';
import { requirePerson } from './members.ts';

export function editorCommands(program: Command): void {
  const editor = program.command('editor').description('people who sign in to edit the registry');
  editor.command('list').description('all editors').option('--json').action(list);
  editor
    .command('add')
    .description('make whoever has an address an editor; they are sent nothing, and sign in with that address')
    .requiredOption('--email <address>')
    .requiredOption('--label <name>', 'the name beside what they change, as "Redactie, A. de Vries"')
    .option('--language <language>', 'nl or en, for who is new here', 'nl')
    .option('--json')
    .action(add);
  editor
    .command('remove')
    .description('take an editor away; what they changed keeps its label')
    .requiredOption('--email <address>')
    .option('--json')
    .action(remove);
}

async function list({ json = false }: OutputOptions) {
  await inSession(async ({ read }) => {
    const editors = (await listEditors(read)).map((editor) => ({ ...editor, createdAt: editor.createdAt.toISOString() }));
    printRows(editors, { json }, ({ email, label, createdAt }) => ({ email, label, since: createdAt }));
  });
}

async function add({ json = false, ...given }: OutputOptions & { email: string; label: string; language: string }) {
  const input = checkEditor(given);
  await inSession(async ({ change, now }) => {
    const { id, email } = await change((tx) => addEditor(tx, input, now));
    printOne({ person: id, email, label: input.label }, { json });
  });
}

const EditorInput = Type.Object(
  { email: Email, label: Text(100, 'The name beside what they change', 'Redactie, A. de Vries'), language: LanguageSchema },
  closed,
);
const checkEditor = checkerFor(EditorInput, 'The editor');

async function remove({ email, json = false }: OutputOptions & { email: string }) {
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const person = await change(async (tx) => {
      const found = await requirePerson(tx, email);
      await removeEditor(tx, found.id, secret, now);
      return found;
    });
    printOne({ person: person.id, email: person.email, removed: now.toISOString() }, { json });
  });
}
