/** A short policy of an insurer that does not exist, with a date of every shape. */

export const POLICY = `Inkoopbeleid huisartsenzorg 2027
Maatschappij De Polder

1. Inleiding

De Polder koopt huisartsenzorg in voor 2027. Dit beleid is op 30 maart 2026 vastgesteld. In 2025 zijn wij gestart met
regiotafels.

2. Procedure

Zorgaanbieders die voor het eerst een overeenkomst willen, sturen uiterlijk maandag 31 augustus 2026 een verzoek naar contractering@depolder.example onder vermelding van "Nieuw 2027". Een verzoek dat wij na deze datum ontvangen, nemen wij niet in behandeling.

Het aanbod doen wij in de periode van 1 tot en met 15 oktober 2026. U heeft vervolgens dertig dagen de tijd om te reageren. Tekent u niet binnen zes weken na ontvangst van de overeenkomst, dan vervalt het aanbod. Vóór 15 november 2026 kunt u een voorstel tot wijziging indienen via het portaal van De Polder.
De jaarrekening over 2025 ontvangen wij graag vóór 1 juni 2026. Uiterlijk 4 weken voor de start van het contract levert u de begroting aan. Tussen 1 november en 15 december 2026 is het portaal open voor aanvragen.

De overeenkomst heeft een looptijd van twee jaar (2027 en 2028).

Planning

Wanneer	Wat	Wie
1 april 2026	Publicatie van het inkoopbeleid	De Polder
Medio juni 2026	Informatiebijeenkomst	De Polder
1 juli	Nota van inlichtingen	De Polder
Vóór 1 oktober 2026	Aanleveren jaarplan en begroting	Regio-organisatie
Q4 2026	Contractgesprekken	Allen
3O november 2026	Ondertekenen van de overeenkomst	Zorgaanbieder
31 december 2026	Laatste dag om te tekenen	Zorgaanbieder

3. Voorwaarden

Om in aanmerking te komen voor een overeenkomst voldoet de praktijk aan de volgende eisen:
- De praktijk is ten minste 45 weken per jaar geopend.
- Er is een actuele AGB-registratie.
- De praktijk gebruikt een HIS met keurmerk.

De huisarts moet beschikken over een geldige registratie in het BIG-register.

4. Vooruitblik

Wij zijn voornemens om in 2028 met regio's meerjarige afspraken te maken. Eind 2026 evalueren wij dit beleid.

5. Tweede planning

Activiteit Uiterste datum
Publicatie beleid 1 april 2026
Indienen van het
jaarplan bij het portaal 1 mei 2026
Ondertekenen 2026-12-01

Datum in 2026 Activiteit
1 april Publicatie
1 mei Aanvragen overeenkomst

1 juni 2026

Indienen verantwoording
`;
