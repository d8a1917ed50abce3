/** Who acts by a sentence, for whom, where, and what follows: as far as its words say so. */
import type { Channel, Consequence } from '../deadlines/deadline.ts';
import type { Actor, DutyStatus } from '../terms.ts';
import type { Proposal } from './proposal.ts';

const ACTORS: readonly [Actor, RegExp][] = [
  ['ro', /\b(?:RO|RHO|RSV)(?:['‘’]+s|s)?\b|\b[Rr]egio-?\s?organisaties?\b|[Zz]org-?groep|regionale huisartsenorganisatie/u],
  ['wsv', /\bWSV(?:['‘’]+s|s)?\b|[Ww]ijk\s?samenwerkingsverband/u],
  ['practice', /[Hh]uisarts(?:en)?-?(?:praktijk(?:en)?)\b|\b[Hh]uisarts(?:en)?\b|\bha-praktijk|\bHA\b|[Pp]raktijkhouder/u],
  ['provider', /[Zz]org(?:aanbieder|verlener)s?\b|\b[Uu]w?\b|[Hh]oofdcontractant|[Oo]nderteken|aanbieder/u],
];
/** What the insurer does itself. */
const INSURER =
  /(?<!\b(?:ontvangen|verwachten|vragen|verzoeken)\s)\b(?:wij|we)\b(?!\s+(?:ontvangen|verwachten|vragen|verzoeken))|zorgverzekeraars?\b|[Pp]ubli(?:catie|ceren|ceert)|\b(?:biedt|bieden|publiceert|maakt|informeert|streeft|voert|gaat|reageert)\b.*\b(?:aan|bekend|uit|gesprek)?/u;

/** Who must act: of several roles the one that does, for the others; the insurer where nobody else is named. */
export function actorsIn(sentence: string): Pick<Proposal, 'actors' | 'contractStatus' | 'onBehalfOf'> {
  // A mailbox's name says nothing of who writes to it.
  const quote = sentence.replaceAll(/\S+@\S+|(?:https?:|www\.)\S+/g, '');
  const named = ACTORS.filter(([, words]) => words.test(quote)).map(([actor]) => actor);
  const roles = named.filter((actor) => actor !== 'provider' || named.length === 1);
  const actors: Actor[] = OWN_ACT.test(quote) ? ['insurer'] : roles.length > 0 ? roles : INSURER.test(quote) ? ['insurer'] : [];
  // What is handed in together goes through the regional organisation.
  const isJoint =
    actors.includes('ro') && actors.includes('wsv') && /gezamenlijk|geclusterd|aangesloten WSV|deelnemende WSV|via (?:de )?RO/u.test(quote);
  return { actors: isJoint ? ['ro'] : actors, onBehalfOf: isJoint ? ['ro', 'wsv'] : [], contractStatus: statusIn(quote) };
}

const OWN_ACT =
  /^(?:\d{1,2}\s+\p{L}+\s+(?:20\d\d\s+)?)?(?:Publicatie|Bekendmaking|Aanbieden|Verzending|Versturen)\b|\b(?:wij|we)\s+(?:zullen|publiceren|bieden|maken|sturen|informeren|reageren)\b|\b[Vv]erzekeraars?\s+(?:hebben|zijn|publiceren|maken|zullen)\b|\bstaat .* op .*site\b/u;

function statusIn(quote: string): DutyStatus {
  if (/\bniet[- ]?\s?gecontracteerd|zonder (?:zorg)?(?:contract|overeenkomst)|nieuwe (?:toetreder|zorgaanbieder|aanbieder)s?/iu.test(quote))
    return 'uncontracted';
  return /\bgecontracteerde\b/iu.test(quote) ? 'contracted' : 'any';
}

/** Where to hand in: a mailbox with its fixed subject, a portal, a page, a talk. */
export function channelIn(quote: string): Channel | null {
  const address = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u.exec(quote)?.[0].replace(/\.$/, '') ?? null;
  const subject =
    /onder vermelding van\s+[‘'“"](?<subject>[^’'”"]{3,200})[’'”"]|onderwerp(?:regel)?:?\s+[‘'“"](?<line>[^’'”"]{3,200})[’'”"]/iu.exec(
      quote,
    )?.groups;
  if (address !== null) return channel('email', address, subject?.['subject'] ?? subject?.['line'] ?? null);
  const portal =
    /(?:[Zz]orginkoopportaal|[Pp]ortaal|[Pp]ortal)(?:\s+van)?\s+(?:VECOZO|(?:(?:De|Het)\s+)?\p{Lu}[\p{L}-]+)|VECOZO(?:-portaal)?|[Zz]orginkoopportaal|(?<=\b(?:het|ons|de)\s+)\p{L}*portaal/u.exec(
      quote,
    )?.[0];
  if (portal !== undefined) return channel('portal', portal);
  if (/\bvektis\b/iu.test(quote)) return channel('register', 'Vektis');
  const site = /(?:https?:\/\/|www\.)[\w./-]*\w/u.exec(quote)?.[0];
  if (site !== undefined || /\b(?:web)?site\b/iu.test(quote)) return channel('website', site ?? null);
  return /\bgesprek\b/iu.test(quote) ? channel('meeting', null) : null;
}

const channel = (kind: Channel['kind'], address: string | null, subject: string | null = null): Channel => ({
  kind,
  address,
  subject,
  hours: null,
});

/** What follows from being late or in time, of the sentences beside each other: the one that says so, word for word. */
export function consequenceIn(sentences: readonly string[]): Consequence | null {
  const text =
    sentences.find((sentence) => LATE.test(sentence) && COSTS.test(sentence)) ?? sentences.find((sentence) => ELSE.test(sentence));
  if (text !== undefined) return { text, modality: POSSIBLE.test(text) ? 'possible' : 'certain', kind: 'penalty' };
  const bonus = sentences.find((sentence) => /bonus|opslag op het tarief bij tijdig/iu.test(sentence));
  return bonus === undefined ? null : { text: bonus, modality: POSSIBLE.test(bonus) ? 'possible' : 'certain', kind: 'bonus' };
}

const LATE =
  /te laat|niet (?:\p{L}+\s)?(?:tijdig|op tijd)|later dan|na (?:deze|die|de uiterste) datum|niet binnen|malus|ontvangen wij .* niet|na \d{1,2} \p{L}+/iu;
const COSTS =
  /afslag|korting|malus|geen (?:zorg)?(?:overeenkomst|contract)|vervalt|niet (?:meer )?in behandeling|wijzen .* af|afgewezen|lager tarief|boete|stop/iu;
const ELSE = /\banders (?:stoppen|vervalt|geen)|of geen (?:contract|overeenkomst)/iu;
const POSSIBLE = /mogelijk|\bkan\b|\bkunnen\b|eventueel/iu;

/** Whether more time is given, in the sentence that says so. */
export function extensionIn(sentences: readonly string[]): Proposal['extension'] {
  const text = sentences.find((sentence) => /\b(?:uitstel|verlenging van de termijn)\b/iu.test(sentence));
  return text === undefined ? null : { possible: !/\b(?:niet|geen)\b/iu.test(text), text };
}
