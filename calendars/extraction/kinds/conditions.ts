/** The sentences that bind who gets a contract, or wish something of who has one: a line per way to say it, with examples that are its tests. */
import type { Strictness } from '../../terms.ts';
import { PROVIDER_NAMES } from './acts.ts';

interface Frame {
  strictness: Strictness;
  pattern: RegExp;
  /** Sentences that say it, and sentences that only look like it. */
  says: readonly string[];
  saysNot: readonly string[];
}

const WORD = (words: string) => String.raw`(?<![a-zà-ÿ])(?:${words})(?![a-zà-ÿ])`;
const NAMES = WORD(PROVIDER_NAMES);
/** Whoever contracts, and no one of several that share the work. */
const CORE = WORD(String.raw`u|zorgaanbieders?|zorgverleners?|[a-zà-ÿ]*praktijk(?:en)?`);
const CONTRACT = String.raw`(?:[a-zà-ÿ]*overeenkomst|[a-zà-ÿ]*contract|contracteren|in aanmerking|vergoed)`;
const frame = (strictness: Strictness, pattern: string, says: readonly string[], saysNot: readonly string[]): Frame => ({
  strictness,
  pattern: new RegExp(pattern, 'iu'),
  says,
  saysNot,
});

export const FRAMES: readonly Frame[] = [
  frame(
    'hard',
    String.raw`${WORD('zonder|bij (?:het )?ontbreken van')}.*${WORD('geen|niet')}.*${CONTRACT}|${WORD('geen|niet')}.*${CONTRACT}.*${WORD('zonder')}|${WORD('zonder')}.*${CONTRACT}.*${WORD('niet')}`,
    [
      'Zonder geldige AGB-code sluiten wij geen overeenkomst.',
      'Wij sluiten geen contract met praktijken zonder klachtenregeling.',
      'Praktijken zonder waarneemregeling contracteren wij niet.',
    ],
    ['Zonder tegenbericht gaan wij van uw akkoord uit.', 'U kunt zonder overeenkomst zorg leveren.'],
  ),
  frame(
    'hard',
    String.raw`${WORD('sluiten|gaan|bieden|kopen|contracteren|verlengen')}.*${WORD('geen|niet')}.*${WORD('met|aan|bij|in|van')}.*${WORD('die|als|indien|wanneer|waarvan')}(?=.*${CONTRACT}|(?<=${CONTRACT}.*))|${CONTRACT}.*${WORD('niet|geen')}.*${WORD('aangegaan|gesloten|verstrekt|aangeboden')}.*${WORD('die|als|indien|wanneer|zonder')}`,
    [
      'Wij gaan geen overeenkomst aan met aanbieders die failliet zijn verklaard.',
      'Wij bieden geen contract aan als een vergunning ontbreekt.',
    ],
    ['Wij gaan niet in op verzoeken die onvolledig zijn.'],
  ),
  frame(
    'hard',
    String.raw`${WORD('niet|geen')}.*${WORD('krijgt|krijgen|ontvangt|ontvangen|komt|komen|sluiten|bieden')}.*${WORD('geen|niet')}.*${CONTRACT}`,
    [
      'Een praktijk die niet is aangesloten op de huisartsenpost krijgt geen overeenkomst.',
      'Wie geen vergunning heeft, komt niet in aanmerking voor een contract.',
    ],
    ['Een praktijk die niet is aangesloten, krijgt een brief.'],
  ),
  frame(
    'hard',
    String.raw`${WORD('voorwaarde')}\s.*${WORD('dat|is')}|${WORD('geldt|gelden')}(?:\s+(?:ook|tevens|bovendien|als (?:eis|voorwaarde)))?,? dat ${NAMES.replace('(?:u|', '(?:de [a-zà-ÿ]+|u|')}|${WORD('een (?:vereiste|must)|randvoorwaardelijk|kwaliteitseis|minimumeis')}`,
    [
      'Voorwaarde is dat u een klachtenregeling heeft.',
      'Daarnaast geldt dat u geen betalingsachterstand heeft.',
      'Een VOG is een vereiste.',
    ],
    ['De algemene voorwaarden vindt u op onze website.', 'Voor ketenzorg geldt dat wij het tarief jaarlijks indexeren.'],
  ),
  frame(
    'hard',
    String.raw`${WORD('bent|is|zijn')}\s+(?:[a-zà-ÿ]+\s+){0,3}${WORD('verplicht|noodzakelijk')}`,
    ['U bent verplicht deel te nemen aan de cliëntervaringsmeting.', 'Deelname aan de waarneemregeling is altijd verplicht.'],
    ['Het eigen risico is niet van toepassing.', 'Wij verplichten niemand.'],
  ),
  frame(
    'hard',
    String.raw`${NAMES}(?:\s+[a-zà-ÿ]+){0,3}\s+${WORD('moet|moeten|dient|dienen')}|${WORD('moet|moeten|dient|dienen')}\s+(?:(?:de|het|een|uw|iedere?|elke?|alle)\s+)?(?:[a-zà-ÿ]+\s+)?${CORE}`,
    ['De zorgaanbieder moet bovendien een scholingsplan hebben.', 'Ook dient u een waarneemregeling te treffen.'],
    ['Het budget moet toereikend zijn.'],
  ),
  frame(
    'hard',
    String.raw`${NAMES}\s.*${WORD('beschikt|beschikken')} over|${NAMES}\s.*${WORD('over')}.*${WORD('beschikt|beschikken')}|${NAMES}\s.*${WORD('in het bezit van')}`,
    ['De praktijk beschikt over een kwaliteitscertificaat.', 'De zorgverlener is in het bezit van een diploma.'],
    ['Het zorgkantoor beschikt over een budget.'],
  ),
  frame(
    'soft',
    String.raw`${WORD('zien (?:(?:wij|we|het) )*(?:graag|liefst)|(?:wij|we) waarderen|waarderen (?:wij|we)|op prijs|aanbevolen|aanbeveling|aan te bevelen|aan te raden|een pré|bevelen .*aan|raden .*aan|moedigen .*aan')}`,
    [
      'Wij zien graag dat u deelneemt aan intervisie.',
      'Wij stellen het op prijs als u een spreekuur op afstand heeft.',
      'Een scholingsplan strekt tot aanbeveling.',
    ],
    ['Graag tot ziens.', 'De prijs is vast.'],
  ),
  frame(
    'soft',
    String.raw`${WORD('bij voorkeur')} (?!(?:via|door|met|bij|aan|van|in|uit|naar|op) )[a-zà-ÿ]+ (?:(?:de|het|een|uw|iedere?|elke?) )?${NAMES}|${NAMES} .*${WORD('bij voorkeur')}|${WORD('onze voorkeur|de voorkeur')} (?:dat|als|om)|${WORD('verdient de voorkeur')}`,
    ['Bij voorkeur is de praktijk ook op zaterdag open.', 'Het heeft onze voorkeur dat u met een elektronisch dossier werkt.'],
    ['De voorkeur van de patiënt telt.', 'Leefstijlbegeleiding bij voorkeur via de zorggroep.'],
  ),
  frame(
    'soft',
    String.raw`${WORD('(?:wij|we) verwachten|verwachten (?:wij|we)|verwacht')} (?:[a-zà-ÿ]+ ){0,2}dat ${WORD('u|(?:de |onze |alle |gecontracteerde )*(?:zorgaanbieders?|zorgverleners?|praktijk(?:en)?)')}|van ${WORD('u|(?:de |onze |alle )?(?:zorgaanbieders?|zorgverleners?|praktijk(?:en)?)')} ${WORD('wordt verwacht|verwachten')}`,
    ['Wij verwachten dat u de richtlijnen van de beroepsgroep volgt.', 'Van u wordt verwacht dat u meewerkt.'],
    ['Wij verwachten dat de kosten stijgen.'],
  ),
];

/** Being late costs the contract too, and that is no condition. */
const LATE = /(?<![a-zà-ÿ])(?:tijdig|op tijd|te laat|termijn|datum|binnen)(?![a-zà-ÿ])/iu;

/** How strict a condition a sentence says by itself; null where it says none. */
export function conditionIn(sentence: string): Strictness | null {
  const fits = FRAMES.filter(({ pattern }) => pattern.test(sentence)).map(({ strictness }) => strictness);
  if (fits.length === 0 || (/(?<![a-zà-ÿ])(?:geen|niet)(?![a-zà-ÿ])/iu.test(sentence) && LATE.test(sentence))) return null;
  return fits.includes('soft') ? 'soft' : 'hard';
}
