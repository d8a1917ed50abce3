/** The oracle's verdict on a life: everything that is not as the words say it, in sentences. */
import { openAgendas } from './agendas.ts';
import { BEGIN, END } from './living/course.ts';
import type { Life } from './life.ts';
import { faultsOfMails } from './mails-judge.ts';
import { faultsOfNews } from './news-judge.ts';
import { faultsOfReminders } from './reminders-judge.ts';
import { shift } from '../helpers/mail-year.ts';

/** Judges it. `names`: what insurers are called. */
export function judge(life: Life, names: ReadonlyMap<string, string>): string[] {
  const agendas = openAgendas(life);
  return life.readers.flatMap((reader) => [
    ...faultsOfReminders(agendas, reader, BEGIN, shift(END, -1)),
    ...faultsOfNews(life, agendas, reader),
    ...faultsOfMails(agendas, reader, names),
  ]);
}
