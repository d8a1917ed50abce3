import { expect, it } from 'vitest';
import { familyOf } from '../../../calendars/ics/client-families.ts';

it.each([
  ['Google-Calendar-Importer', 'Google Calendar'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.2.0', 'Thunderbird'],
  ['Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)', 'Outlook'],
  ['Microsoft.Exchange/15.20 (Internet Calendar)', 'Outlook'],
  ['iOS/17.4 (21E219) dataaccessd/1.0', 'Apple Calendar'],
  ['macOS/14.4 (23E214) CalendarAgent/1', 'Apple Calendar'],
  ['Evolution/3.46.4', 'Evolution'],
  ['Nextcloud Webcal Service', 'Nextcloud'],
  ['ICSx5/2.2.5 (ktor; okhttp) Android/14', 'ICSx5'],
  ['vdirsyncer/0.19.0', 'vdirsyncer'],
  ['HomeAssistant/2026.4 httpx', 'Home Assistant'],
  ['curl/8.5.0', 'script'],
  ['python-requests/2.31', 'script'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36', 'browser'],
  ['SomethingElse/1.0', 'other'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('calls %j %s', (userAgent, family) => {
  expect(familyOf(userAgent)).toBe(family);
});

it('keeps nothing of what is odd', () => {
  expect(familyOf(`x${'y'.repeat(100_000)} Thunderbird`)).toBe('other');
  expect(familyOf('Jan de Vries, 192.0.2.7\r\n\u0000')).toBe('other');
});
