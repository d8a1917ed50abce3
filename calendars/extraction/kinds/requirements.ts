/** Whether a sentence is a condition without which there is no contract: by what it says, and by the heading that it stands under. */
import type { Strictness } from '../../terms.ts';
import { ACT, OBLIGED } from './acts.ts';
import { conditionIn } from './conditions.ts';
import type { Passage } from '../passages.ts';

/** How strict a requirement a sentence is; null where it is none. */
export function requirementIn(passage: Passage): Strictness | null {
  const { quote } = passage;
  if (quote.length < 12 || passage.form === 'heading' || /[:?]$/.test(quote) || NOT.test(quote)) return null;
  const condition = conditionIn(quote);
  // What is to be handed in is a duty, whatever word obliges to it.
  if (condition !== null && !(ACT.test(quote) && OBLIGED.test(quote)) && !OF_INSURER.test(quote))
    return SOFT.test(quote) ? 'soft' : condition;
  const isOne =
    STRONG.test(quote) ||
    (OF_CONTRACT.test(quote) && LIMITS.test(quote)) ||
    (isBelow(passage, HEADING) && SAYS_SO.test(quote)) ||
    (isItemOf(passage) && !DUTY.test(quote));
  return isOne ? (SOFT.test(quote) || WISHES.test(passage.titles.at(-1) ?? '') ? 'soft' : 'hard') : null;
}

/** What insurers must do themselves. */
const OF_INSURER =
  /(?<!\p{L})(?:zorg)?verzekeraars? (?:\p{L}+ )?(?:moet|moeten|dient|dienen|(?:zijn|is) (?:\p{L}+ )?verplicht)(?!\p{L})|(?<!\p{L})zijn (?:wij|we) verplicht/iu;

/** Headings that announce requirements. */
const HEADING = /(?:eisen|vereisten|voorwaarden|criteria|uitsluitingsgronden)(?!\p{L})|waaraan (?:moet|dient|voldoet)/iu;

/** Headings that announce wishes. */
const WISHES = /(?<!\p{L})(?:wensen|aanbevelingen|voorkeuren|ambities)(?!\p{L})/iu;

function isBelow({ titles }: Passage, heading: RegExp): boolean {
  return titles.slice(-2).some((title) => heading.test(title));
}

/** An item of a list that is announced as requirements. */
function isItemOf({ lead }: Passage): boolean {
  return lead !== null && LEAD.test(lead);
}

const LEAD =
  /voorwaarden|\beisen\b|voldo(?:et|en)|enkel gecontracteerd|alleen (?:in aanmerking|mogelijk|een (?:zorg)?(?:overeenkomst|contract))|criteria waaraan|in aanmerking (?:als|indien|wanneer|komt)|(?:overeenkomst|contract)\p{L}* .*(?:indien|wanneer|mits|als|uitsluitend|slechts)(?!\p{L})|(?:u|zorgaanbieders?|praktijk) (?:moet|moeten|dient|dienen)(?!\p{L})/iu;

/** What says by itself that it is one. */
const STRONG = new RegExp(
  [
    String.raw`\b(?:minimum|kwaliteits)eis(?:en)?\b.*(?:gekoppeld|voldo|:)`,
    String.raw`\b(?:tenminste|ten minste|minimaal|minstens)\b.*(?:contract|inwoners|huisartsen|pati[eé]nten|disciplines|geclusterd|mandaat|fte|zorgaanbieders|verzekerden|uur\b)`,
    String.raw`\b(?:dient|dienen|moet|moeten)\b.*\b(?:beschikken|geregistreerd|gekoppeld|voldoen|hebben|zijn|samenhangend|geclusterd|zorgen|aansluiten|waarborgen)\b`,
    String.raw`\bvereist\b|\bverplicht om\b|\bmits\b|\bvoorwaarde (?:is|voor|hiervoor)\b`,
    String.raw`\bkom(?:t|en)\b.*\bin aanmerking\b.*\b(?:als|indien|wanneer|mits)\b`,
    String.raw`er\s?van\s?uit(?:gaan)?,? dat (?!dit\b|er\b|de RO’s en)`,
    String.raw`\bgeregistreerd\b\.?$|is opgenomen in (?:het )?register|tevens in dienst bij`,
    String.raw`\b(?:worden opgenomen|mogelijk)\b.*\b(?:na|als) (?:uitdrukkelijke|vooraf|voorafgaande)`,
    String.raw`vindt plaats op basis van`,
    String.raw`van belang dat deze`,
    String.raw`\bvervalt mogelijkheid\b`,
    String.raw`\bafhankelijk van\b.*\b(?:regioplan|overeenkomst|actualisering)`,
    String.raw`aan (?:de )?voorwaarden wordt voldaan`,
    String.raw`\bgeeft invulling aan\b.*\bvoorwaarden\b|\bfaciliteert mogelijkheid\b`,
    String.raw`\bhbo\b.*\bdenkniveau\b`,
    String.raw`\bhuisartsen die deelnemen in\b|\bonderdeel is van WSV\b|samenhangend zijn`,
  ].join('|'),
  'iu',
);

/** What bounds to whom or to what a contract is given. */
const OF_CONTRACT = /contract|overeenkomst|ingekocht|inkoop|gevolgd|afspraken/iu;
const LIMITS =
  /\b(?:alleen|enkel|uitsluitend|slechts|integraal ingekocht bij|via breed)\b|\bkunnen overeenkomst krijgen\b|^Samenwerkingsafspraken met/iu;

/** Below such a heading whatever is said of who contracts is one. */
const SAYS_SO =
  /\b(?:is|zijn|heeft|hebben|draagt|dragen|richt|wordt|worden|beschikt|beschikken|stuurt|ondersteunt|organiseert|realiseert|voldoet|voldoen|levert|leveren|werkt|werken|biedt|bieden|neemt|nemen|moet|moeten|dient|dienen|overlegt|overleggen|toont|tonen|verkeert|gebruikt|gebruiken|volgt|volgen|declareert|registreert|verleent|verlenen|neemt deel)\b|certificaat|speerpunten/iu;

/** What is a wish, a reservation, a weighing, a pointer to another text, or of somebody else. */
const NOT =
  /geen (?:vereiste|eis|voorwaarde|verplichting)|niet (?:verplicht|vereist)|\bvoorkeur\b.*\b(?:uit|naar)\b|gaat (?:de|onze) voorkeur|in afwijking van|behoudt zich|houdt .* rekening met|^Het Algemeen|beschrijft de|gelden de volgende|\bafdoende\b|in plaats van een certificering|\bkunt u\b|bezwaren|brengplicht|informatiesystemen|overleg over|dan gaan wij ervan uit|zorgverzekeraars (?:zijn|moeten)|moeten leidend/iu;

/** A dated duty is a deadline first. */
const DUTY = /\buiterlijk\b/iu;

const SOFT =
  /waar mogelijk|voorkeur|aanbevel|aan te bevelen|op prijs|graag|een pré|eventueel|\bverwacht|er\s?van\s?uit|wenselijk|van belang|streven|op basis van de gegevens|kan indirecte tijd|relevante/iu;
