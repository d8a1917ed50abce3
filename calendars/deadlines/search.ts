/** Finding entries by words that people use, whatever these are called in the registry. */
import type { Deadline } from './deadline.ts';
import { LANGUAGES, type Activity, type Actor } from '../terms.ts';
import { wordsIn } from '../words.ts';

interface Synonyms {
  /** What people say. */
  said: readonly string[];
  /** What they mean by it: who acts, or what is due. */
  actors?: readonly Actor[];
  activities?: readonly Activity[];
}

/** What the field calls its parties and its papers. An insurer's other names stand in the registry. */
const SYNONYMS: readonly Synonyms[] = [
  { said: ['ro', 'rho', 'rsv', 'zorggroep', 'regio', 'regionale huisartsenorganisatie', 'regionaal samenwerkingsverband'], actors: ['ro'] },
  { said: ['wsv', 'wijk', 'wijkverband', 'wijksamenwerkingsverband', 'gezondheidscentrum'], actors: ['wsv'] },
  { said: ['huisarts', 'huisartsenpraktijk', 'praktijk'], actors: ['practice'] },
  { said: ['zorgaanbieder', 'zorgverlener'], actors: ['provider'] },
  { said: ['inkoopbeleid', 'beleid', 'publicatie'], activities: ['publication'] },
  { said: ['jaarrekening', 'verantwoording', 'jaarstukken'], activities: ['accounts'] },
  { said: ['contract', 'offerte', 'inschrijven', 'nieuwe toetreder'], activities: ['contract_request', 'early_contracting', 'signing'] },
  { said: ['werkplan', 'begroting', 'jaarplan'], activities: ['annual_plan'] },
  { said: ['tekenen', 'handtekening', 'contracteren'], activities: ['signing', 'signing_term'] },
  { said: ['tekentermijn', 'zes weken'], activities: ['signing_term'] },
  { said: ['certificaat', 'vecozo'], activities: ['certificate_request'] },
  { said: ['agb', 'vektis'], activities: ['register_check'] },
  { said: ['innovatie', 's3'], activities: ['innovation_request', 'innovation_start'] },
  {
    said: ['duurzaamheid', 'csrd'],
    activities: ['csrd_clarity', 'csrd_information', 'csrd_report', 'csrd_delivery', 'sustainability_report'],
  },
  { said: ['vervoer', 'mobiliteit'], activities: ['mobility_plan'] },
  { said: ['ketenzorg', 'substitutie'], activities: ['chain_effects_evidence', 'programme_change', 'programme_extension'] },
  { said: ['regioplan', 'regiobeeld'], activities: ['regional_plan'] },
  { said: ['ouderen', 'ouderenzorg'], activities: ['elderly_care_plan', 'elderly_care_talk'] },
  { said: ['ggz', 'mentale gezondheid'], activities: ['mental_health_networks_talk'] },
  { said: ['valpreventie', 'vallen'], activities: ['fall_prevention'] },
  { said: ['tarief', 'bedrag'], activities: ['tariff_publication'] },
  { said: ['eis', 'voorwaarde'], activities: ['contract_requirement'] },
  { said: ['looptijd', 'meerjarig'], activities: ['contract_term'] },
  { said: ['overig'], activities: ['other'] },
];

/** Words that short are only found whole: "ro" stands in "groep" too. */
const SHORT = 2;

/**
 * Whether an entry fits words as somebody typed them: each of them must stand in its title, in the name of its insurer, or be what people call
 * its activity or who acts. Case, accents and dots do not count. `namesOf`: an insurer's names.
 */
export function matching(typed: string, namesOf: (insurer: string) => readonly string[]): (deadline: Deadline) => boolean {
  const words = fold(typed).split(' ').filter(Boolean);
  return (deadline) => {
    const [text, said] = [textOf(deadline, namesOf), saidOf(deadline)].map((some) => ` ${fold(some.join(' | '))} `) as [string, string];
    return words.every((word) => text.includes(word.length > SHORT ? word : ` ${word} `) || said.includes(` ${word} `));
  };
}

function textOf(deadline: Deadline, namesOf: (insurer: string) => readonly string[]): string[] {
  const { activity, contractYear, duty, insurer, kind, title } = deadline;
  const actors = [...duty.actors, ...duty.onBehalfOf];
  const labels = LANGUAGES.flatMap((language) => {
    const say = wordsIn(language);
    return [`activity.${activity}`, `kind.${kind}`, ...actors.map((actor) => `role.${actor}`)].map((name) => say(`common:${name}`));
  });
  return [title, String(contractYear), ...labels, ...(insurer === null ? [] : namesOf(insurer))];
}

/** What people call it otherwise. */
function saidOf({ activity, duty }: Deadline): string[] {
  const actors = [...duty.actors, ...duty.onBehalfOf];
  const means = (one: Synonyms) =>
    one.activities?.includes(activity) === true || one.actors?.some((actor) => actors.includes(actor)) === true;
  return SYNONYMS.filter(means).flatMap(({ said }) => said);
}

/** Small letters without accents and dots; what is neither letter, digit nor "&" parts words. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}.'’]/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}&]+/gu, ' ')
    .trim();
}
