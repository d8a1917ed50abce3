/** The choice of what a member may do. */
import { wordsIn } from '../../../calendars/words.ts';
import type { MemberRole } from '../../../db/schema/schema.ts';
import type { SafeHtml } from '../html.ts';
import { selectField } from '../parts/field.ts';
import type { MemberAsk } from '../session/guards.ts';

export function roleField({ language }: Pick<MemberAsk, 'language'>, role: MemberRole): SafeHtml {
  const say = wordsIn(language);
  const options = (['reader', 'manager'] as const).map((value) => ({ value, label: say(`account:members.role.${value}`) }));
  return selectField({
    name: 'role',
    label: say('account:members.role_label'),
    hint: say('account:members.role_hint'),
    value: role,
    options,
  });
}
