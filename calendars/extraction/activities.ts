/** Which activity of the registry a sentence speaks of: a line per activity, the more particular ones first. */
import type { Activity } from '../terms.ts';

const LINES: readonly [Activity, RegExp][] = [
  ['csrd_report', /csrd.*rapporte|rapporte.*csrd/iu],
  ['csrd_clarity', /duidelijkheid te kunnen bieden|csrd.*duidelijk/iu],
  ['csrd_information', /hierover meer duidelijk.*zorgverzekeraars/iu],
  ['csrd_delivery', /csrd.*aanlever|aanlever.*csrd/iu],
  ['green_deal', /green deal|gddz/iu],
  ['mobility_plan', /mobiliteitsplan/iu],
  ['sustainability_report', /jaarverslag.*duurzaam|duurzaam.*jaarverslag|duurzaamheid verankeren/iu],
  [
    'signing_term',
    /(?:binnen|termijn van).*(?:weken|dagen|maand).*(?:onderteken|getekend|tekenen)|(?:onderteken|teken(?:t|en)\b).*binnen.*(?:weken|dagen|maand)/iu,
  ],
  ['certificate_request', /certificaat.*(?:aan\s?(?:te\s)?vra|vecozo)/iu],
  ['register_check', /(?:vektis|agb).*(?:control|wijzig|informer|actueel)|(?:control|wijzig).*(?:vektis|agb)/iu],
  ['policy_supplement', /aanvulling(?:en)? op het (?:zorg)?inkoopbeleid|nota van inlichtingen|erratum/iu],
  ['policy_change_window', /wijzigingen in het (?:zorg)?inkoopbeleid/iu],
  ['wsv_plan_review', /(?:eerste )?beoordeling van de (?:jaar)?plannen|begroting wsv.*beoordeeld/iu],
  ['review_meeting', /gesprek.*(?:documenten|zorginkoper|verantwoording)|(?:documenten|verantwoording).*gesprek/iu],
  ['accounts', /verantwoording|jaarrekening|jaarstukken/iu],
  ['early_contracting', /bonus|vroegtijdig.*contract/iu],
  ['chain_effects_evidence', /substitutie.effect/iu],
  ['elderly_care_plan', /plan van aanpak.*ouderen/iu],
  ['regional_plan', /regioplan\p{L}*\s.*(?:indien|aanlever|insturen|opstellen)|indien\p{L}* van (?:het|een) regioplan/iu],
  ['annual_plan', /jaarplan|begroting|werkplan|dienen de plannen/iu],
  ['tariff_publication', /tarie\p{L}+.*(?:publi|bekend|staat|staan|maken)|publi\p{L}+.*tarie/iu],
  [
    'contract_request',
    /(?:aanvra\p{L}*|aan te vragen|verzoek|aanmeld\p{L}*|inschrij\p{L}*).*(?:overeenkomst|contract)|(?:overeenkomst|contract).*(?:aanvra|aan te vragen|aan te melden)|niet-gecontracteerde.*(?:aanvra|aanmeld)/iu,
  ],
  ['signing', /onderteken|te tekenen|teken(?:t|en)? (?:de|het|een|uw) (?:zorg)?(?:overeenkomst|contract)|getekende/iu],
  [
    'publication',
    /publicatie (?:van )?(?:het )?\p{L}*beleid|(?<!\p{L})beleid (?:staat|komt|verschijnt).*site|(?<!\p{L})ons beleid.*publi|(?:publi\p{L}+|bekend\p{L}*).*(?:inkoop|contracteer)beleid|(?:inkoop|contracteer)beleid.*(?:publi|bekendgemaakt)/iu,
  ],
  ['innovation_start', /innovati\p{L}+.*(?:starten|start|inrichten|in te richten)/iu],
  [
    'innovation_request',
    /(?:innovati|zorgvernieuwing|segment 3|\bs3\b).*aanvra|aanvra.*(?:innovati|zorgvernieuwing|segment 3|\bs3\b)|formats/iu,
  ],
  ['programme_change', /(?:implementatie|zorgprogramma).*(?:gestart|aanpassen)/iu],
  ['solution_selection', /selectie en implementatie/iu],
  ['ict_readiness', /ict.inrichting|cmio\/cio/iu],
  ['coordination_fee_talk', /zorgafstemmingsvergoeding/iu],
  ['mental_health_networks_talk', /mentale gezondheid|taak die zij hierin krijgen/iu],
  ['elderly_care_talk', /(?:ouderen|vvt).*gesprek/iu],
  ['mtvp_clarity', /mtvp|meer tijd voor de pati|daarover informeren wanneer/iu],
  ['remote_monitoring_decision', /\brpm\b|remote patient/iu],
  ['programme_extension', /programma.*(?:uitbreiden|evaluatie)/iu],
  ['fall_prevention', /valpreventie/iu],
  ['wellbeing_on_prescription', /welzijn op recept/iu],
  ['xis_mark', /xis.keurmerk/iu],
];

/** The activity that the words name; null where an editor has to choose. */
export function activityOf(quote: string): Activity | null {
  return LINES.find(([, words]) => words.test(quote))?.[0] ?? null;
}
