/** The verbs of the trade in the forms that a sentence may have of them, and the words that oblige: what tells a duty from a story. */

/** A verb of which a part can stand away: "aanleveren", "aangeleverd", "aan te leveren", "levert … aan". */
const apart = (part: string, stem: string, infinitive: string, participle: string) =>
  String.raw`${part}(?:${infinitive}|${stem}|ge(?:${participle}))[a-zà-ÿ]*|${part} te ${infinitive}|(?<![a-zà-ÿ])(?:${stem})(?:t|en)?(?![a-zà-ÿ])[^.;]*(?<![a-zà-ÿ])${part}(?![a-zà-ÿ])|(?<![a-zà-ÿ])${infinitive}(?![a-zà-ÿ])[^.;]*(?<![a-zà-ÿ])${part}(?![a-zà-ÿ])`;

const HANDING = [
  apart('in', 'dien', 'dienen', 'diend'),
  apart('(?:aan|in)', 'lever', 'leveren', 'leverd'),
  apart('(?:in|op|toe|terug|door|mee)', 'stuur', 'sturen', 'stuurd'),
  apart('(?:in|op|toe|terug)', 'zend', 'zenden', 'zonden'),
  apart('in', 'schrijf', 'schrijven', 'schreven'),
  apart('(?:in|aan)', 'vul', 'vullen', 'vuld'),
  apart('(?:aan|op)', 'vraag|vra', 'vragen', 'vraagd'),
  apart('(?:aan|af)', 'meld', 'melden', 'meld'),
  apart('(?:door|op|aan)', 'geef', 'geven', 'geven'),
  apart('op', 'zeg', 'zeggen', 'zegd'),
  apart('over', 'leg', 'leggen', 'legd'),
  apart('af', 'rond', 'ronden', 'rond'),
];
const OTHERS = [
  String.raw`indien(?:ing|en)|aanlever[a-zà-ÿ]*|inlever[a-zà-ÿ]*|opgaven?(?![a-zà-ÿ])|inschrijving[a-zà-ÿ]*`,
  String.raw`(?:onder)?teken(?:t|en|ing)?(?![a-zà-ÿ])|(?:onder|ge)getekend|getekend[a-zà-ÿ]*|ondertekend[a-zà-ÿ]*|ondertekening[a-zà-ÿ]*`,
  String.raw`lever(?:t|en)?(?![a-zà-ÿ])|st(?:uurt?|uren)(?![a-zà-ÿ])|gestuurd|verst(?:uurt?|uren|uurd)|verzend[a-zà-ÿ]*|verzonden`,
  String.raw`(?:laat|laten)(?![a-zà-ÿ])(?=.* weten)|(?<=^\W*)(?:schrijf|controleer|zorg|regel|kies|vraag|geef|vul|bel)(?![a-zà-ÿ])`,
  String.raw`retour[a-zà-ÿ]*|mail(?:t|en)?(?![a-zà-ÿ])|gemaild|upload[a-zà-ÿ]*|geüpload|verstrek[a-zà-ÿ]*|overhandig[a-zà-ÿ]*|deponer[a-zà-ÿ]*`,
  String.raw`(?<![a-zà-ÿ])meld(?:t|en)?(?![a-zà-ÿ])|gemeld|declar[a-zà-ÿ]*|gedeclareerd|reager[a-zà-ÿ]*|reacties?(?![a-zà-ÿ])|accorder[a-zà-ÿ]*`,
  String.raw`registr[a-zà-ÿ]*|bevestig[a-zà-ÿ]*|controle(?:ren|ert?)(?![a-zà-ÿ])|verantwoord[a-zà-ÿ]*|kenbaar|bezwaar|heroverweging`,
  String.raw`vragen (?:te )?stellen|vragen.* gesteld|stelt? .*vragen|geplaatst|plaats(?:t|en)(?![a-zà-ÿ])|beschikbaar (?:te )?stel[a-zà-ÿ]*|gereed`,
  String.raw`publi(?:c|ceer|cer)[a-zà-ÿ]*|gepubliceerd|bekend\s?(?:ge)?ma[a-zà-ÿ]*|staat|contractering|ontvang[a-zà-ÿ]*|ontvangst`,
  String.raw`aanbie[a-zà-ÿ]*|aangeboden|bied(?:t|en)(?![a-zà-ÿ]).* aan|verzoek(?:en)?(?![a-zà-ÿ])|tegemoet|uit te voeren|evalue[a-zà-ÿ]*`,
];

/** Words of handing in, asking for, signing, making known. */
export const ACT = new RegExp(String.raw`(?<![a-zà-ÿ])(?:${[...HANDING, ...OTHERS].join('|')})`, 'iu');

/** Words that oblige. */
export const OBLIGED =
  /(?<![a-zà-ÿ])(?:moet(?:en)?|dient|dienen|verplicht|vereist|(?:mag|mogen) (?:u |zorgaanbieders |praktijken )?(?:alleen|uitsluitend|slechts|niet|geen)|verwacht(?:en)?|draagt er zorg voor|zorgt ervoor|verzoek(?:en)?|verzocht|vragen wij|wij vragen)(?![a-zà-ÿ])/iu;

/** Those who contract care, as their texts call them. */
export const PROVIDER_NAMES = String.raw`u|uw|zorgaanbieders?|zorgverleners?|aanbieders?|inschrijvers?|gegadigden?|contractant(?:en)?|opdrachtnemers?|[a-zà-ÿ]*praktijk(?:en|houder|houders)?|huisarts(?:en)?|[a-zà-ÿ]*groep(?:en)?|(?:regio-?\s?)?organisaties?|RO|RO['’]s|RHO|RSV|WSV|WSV['’]s|hoofdaannemers?|hoofdcontractant(?:en)?|(?:onder)?aannemers?|instellingen?|deelnemers?|fysiotherapeut(?:en)?|[a-zà-ÿ]*verpleegkundigen?|medewerkers|personeel`;
export const PROVIDER = new RegExp(String.raw`(?<![a-zà-ÿ])(?:${PROVIDER_NAMES})(?![a-zà-ÿ])`, 'iu');

/** At once, in time: when, and no day. */
export const URGENT =
  /(?<![a-zà-ÿ])(?:zo (?:spoedig|snel) mogelijk|onverwijld|terstond|onmiddellijk|direct|meteen|per omgaande|ten spoedigste|tijdig|op tijd|zonder uitstel)(?![a-zà-ÿ])/iu;
