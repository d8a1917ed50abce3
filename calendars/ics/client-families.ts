/** Which family of calendar apps a client says it belongs to: enough to recognise an own device by, and no more. */

const FAMILIES: readonly (readonly [family: string, mark: RegExp])[] = [
  ['Google Calendar', /google-calendar|googlebot|feedfetcher-google/i],
  ['Outlook', /outlook|microsoft.?office|microsoft exchange|exchange|office ?365/i],
  ['Thunderbird', /thunderbird|lightning|betterbird/i],
  ['Apple Calendar', /dataaccessd|calendaragent|calendarstore|\bical\/|coredav|remindd/i],
  ['Evolution', /evolution/i],
  ['Nextcloud', /nextcloud|owncloud/i],
  ['ICSx5', /icsx5|icsdroid/i],
  ['DAVx5', /davx5|davdroid/i],
  ['Home Assistant', /homeassistant|home-assistant/i],
  ['vdirsyncer', /vdirsyncer|pimsync/i],
  ['KOrganizer', /korganizer|akonadi|kioworker|konqueror/i],
  ['Fantastical', /fantastical|flexibits/i],
  ['Proton', /proton/i],
  ['Zimbra', /zimbra/i],
  ['Yahoo', /yahoo/i],
  ['script', /^(curl|wget|httpie|python|node|undici|go-http|java|okhttp|libwww)/i],
  ['browser', /^mozilla\/5/i],
];

/** The family by a client's User-Agent. What else stands in that (versions, devices, addresses) is not kept. */
export function familyOf(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent.trim() === '') return 'unknown';
  // Long enough for every app there is, and nobody can make this slow.
  const text = userAgent.slice(0, 300);
  return FAMILIES.find(([, mark]) => mark.test(text))?.[0] ?? 'other';
}
