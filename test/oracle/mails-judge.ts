/** Whether each mail is one that may be there and says what it is said to say: how many a day, whom it names, and how it speaks of what nobody stated. */
import { localTime } from '../helpers/mail-year.ts';
import type { Agendas } from './agendas.ts';
import type { Reader, ReadMail } from './life.ts';
import { countingDay, isAssumption, isInsurersAct, type Row } from './registry.ts';
import { isOff } from './working-days.ts';

/** What is wrong with the mails that a reader got, in sentences. `names`: what insurers are called. */
export function faultsOfMails(agendas: Agendas, reader: Reader, names: ReadonlyMap<string, string>): string[] {
  const mails = reader.mails.filter(({ told }) => told.length > 0);
  const days = Map.groupBy(mails, ({ at }) => localTime(at).slice(0, 10));
  return [...days].flatMap(([day, ofDay]) => {
    const faults: string[] = [];
    const reminding = ofDay.filter(({ told }) => told.some(({ kind }) => kind === 'reminder'));
    if (reminding.length > 1) faults.push(`gets ${reminding.length} mails with reminders`);
    if (isOff(day) && ofDay.some(({ told }) => told.every(({ kind }) => kind !== 'change'))) faults.push('gets a reminder on a day off');
    for (const mail of ofDay) faults.push(...faultsOfMail(agendas, reader, mail, names));
    return faults.map((fault) => `${day} ${reader.email} ${fault}`);
  });
}

function faultsOfMail(agendas: Agendas, reader: Reader, mail: ReadMail, names: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const registry = agendas.registryAt(mail.at);
  const [main] = mail.text.split(AFTER_MAIN);
  for (const { id, kind } of mail.told) {
    // What was withdrawn is looked up where it stood last.
    const row = registry.rows.get(id);
    if (!row) continue;
    const title = `${row.activity} ${row.contractYear} of ${row.insurer}`;
    if (row.insurer !== null && !main!.includes(names.get(row.insurer)!)) faults.push(`does not read the name of the insurer of ${title}`);
    const day = countingDay(row);
    if (day !== null && ![day, row.dueOn!].some((one) => namesDay(main!, one))) faults.push(`does not read the day of ${title}, ${day}`);
    if (kind === 'escalation' && !isUrged(agendas, reader, row, mail.at)) faults.push(`is urged on about ${title} (${row.certainty})`);
  }
  const urged = mail.told.filter(({ kind }) => kind === 'escalation');
  if (urged.length > 0 && urged.every(({ id }) => isRemindedIn(mail, registry.rows.get(id))) && UNDONE.test(main!))
    faults.push('reads as undone what it is reminded of in the same mail');
  if (mail.told.length > 0 && mail.told.every(({ id }) => isAssumed(registry.rows.get(id)))) faults.push(...faultsOfSubject(mail));
  return [...faults, ...faultsOfAssumptions(mail)];
}

/** Where the mail goes on with what is not told now: what comes next, and the footer, which says why its reader gets it. */
const AFTER_MAIN =
  /\n(?:== )?(?:Daarna komt|What comes next|Next comes|Over deze mail|About this mail|U krijgt (?:deze mail|dit) (?:omdat|als) |You (?:get|receive) this (?:e-mail )?(?:because|as) )/;
/** Above what an organisation has not done. */
const UNDONE = /heeft nog niet gemeld dat dit is gedaan|has not said yet that this is done/;
/** Words that promise what an assumption cannot. */
const PROMISES = /uiterlijk|veilig|gebruikelijk|\bsafe|\busual|\bby (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)/i;
const ASSUMED = /aanname|assum/i;
/** What was known of another year or insurer, and what is quoted, may say what it says. */
const OF_OLD = /^(?:Zo ging het voor|This is how it went|How it went)|^[>"“„]/;

/** What was assumed before somebody stated it. */
const UNTIL_NOW = /(?:Tot nu toe was onze aanname|Until now we assumed)[^.]*\./g;

/** A paragraph that speaks of an assumption promises nothing, but where it tells of an earlier year. */
function faultsOfAssumptions({ text }: ReadMail): string[] {
  const [main] = text.split(AFTER_MAIN);
  const blocks = main!.split(/\n(?=== )/);
  return blocks.flatMap((block) => {
    const [now] = block.replaceAll(UNTIL_NOW, '').split(/\n(?=Zo ging het voor|This is how it went|How it went)/);
    if (!ASSUMED.test(now!) || /volgens de bron|according to the source|verwacht\b|expected\b|regel van de NZa|rule of the NZa/.test(now!))
      return [];
    return now!
      .split('\n')
      .filter((line) => !OF_OLD.test(line) && PROMISES.test(line))
      .map((line) => `reads of an assumption "${line}"`);
  });
}

/** Whether a mail reminds of it too. What an own event dates has a day for each organisation. */
function isRemindedIn({ told }: ReadMail, row: Row | undefined): boolean {
  return row !== undefined && row.dueOn !== null && told.some(({ id, kind }) => kind === 'reminder' && id === row.id);
}

function faultsOfSubject({ subject }: ReadMail): string[] {
  return PROMISES.test(subject) ? [`reads of assumptions alone "${subject}"`] : [];
}

/** Whether somebody may be urged on: never about what is assumed, what the insurer does, or what is done. */
function isUrged(agendas: Agendas, { organisation }: Reader, row: Row, at: Date): boolean {
  if (isAssumption(row) || isInsurersAct(row)) return false;
  const registry = agendas.registryAt(at);
  return [organisation, ...organisation.members].some((one) => {
    const concern = agendas.concernAt(row, one, registry, at);
    return concern !== null && !concern.isOnce && !agendas.isDone(one, row, at);
  });
}

/** Whether a day is named, in full or short, in Dutch or English. */
function namesDay(text: string, day: string): boolean {
  const moment = new Date(`${day}T12:00:00Z`);
  return ['nl-NL', 'en-GB'].some((locale) =>
    (['long', 'short'] as const).some((month) => {
      const words = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month }).format(moment);
      return new RegExp(`(?<!\\d)${words.replace('.', '\\.?')}`).test(text);
    }),
  );
}

const isAssumed = (row: Row | undefined) => row !== undefined && isAssumption(row);
