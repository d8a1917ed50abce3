/** Calendar apps: the address with which each takes a calendar by subscription, and in which order a device shows them. */

const APPS = ['outlook_work', 'google', 'apple', 'outlook_com'] as const;
export type App = (typeof APPS)[number];

/** Those that fetch the calendar from their own servers: they cannot reach what stands on a loopback address. */
const BY_SERVER: ReadonlySet<App> = new Set(['outlook_work', 'google', 'outlook_com']);

/** The address that each app takes. None of their makers describes it; these are the forms that are in use. */
export function addressesFor(calendar: string, name: string): Record<App, string> {
  const webcal = calendar.replace(/^https?:/, 'webcal:');
  const named = `url=${encodeURIComponent(calendar)}&name=${encodeURIComponent(name)}`;
  return {
    outlook_work: `https://outlook.office.com/calendar/0/addfromweb?${named}`,
    google: `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(webcal)}`,
    apple: webcal,
    outlook_com: `https://outlook.live.com/calendar/0/addfromweb?${named}`,
  };
}

/** All apps that can reach the calendar, in the order of likelihood on the device that a browser names. */
export function appsFor(userAgent: string, isReachable: boolean): App[] {
  const order: readonly App[] = /iPhone|iPad|Macintosh/.test(userAgent)
    ? ['apple', 'outlook_work', 'google', 'outlook_com']
    : /Android|Windows|CrOS/.test(userAgent)
      ? ['outlook_work', 'google', 'outlook_com', 'apple']
      : APPS;
  return order.filter((app) => isReachable || !BY_SERVER.has(app));
}
