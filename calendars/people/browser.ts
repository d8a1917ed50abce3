/** Which kind of browser asks, as far as it says so: for the mail that lets its reader see whether it was the own one. */

const BROWSERS = ['edge', 'opera', 'samsung', 'firefox', 'chrome', 'safari', 'other'] as const;
const SYSTEMS = ['windows', 'android', 'ios', 'macos', 'linux', 'other'] as const;

/** Words of ours alone: nothing that a browser sends comes into a mail. */
export interface BrowserKind {
  browser: (typeof BROWSERS)[number];
  system: (typeof SYSTEMS)[number];
}

/** The kind of browser that a User-Agent tells of. Those that pretend to be another come first. */
export function browserKind(userAgent: string | undefined): BrowserKind {
  const text = (userAgent ?? '').slice(0, MOST_READ);
  const first = <T>(signs: readonly (readonly [T, RegExp])[], otherwise: T) => signs.find(([, sign]) => sign.test(text))?.[0] ?? otherwise;
  return { browser: first(BROWSER_SIGNS, 'other'), system: first(SYSTEM_SIGNS, 'other') };
}

const MOST_READ = 500;

const BROWSER_SIGNS = [
  ['edge', /\bEdg(A|iOS|e)?\//],
  ['opera', /\b(OPR|Opera)\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(Firefox|FxiOS)\//],
  ['chrome', /\b(Chrome|CriOS|Chromium)\//],
  ['safari', /\bSafari\//],
] as const satisfies readonly (readonly [BrowserKind['browser'], RegExp])[];

const SYSTEM_SIGNS = [
  ['windows', /\bWindows\b/],
  ['android', /\bAndroid\b/],
  ['ios', /\b(iPhone|iPad|iPod)\b/],
  ['macos', /\bMacintosh\b/],
  ['linux', /\b(Linux|X11|CrOS)\b/],
] as const satisfies readonly (readonly [BrowserKind['system'], RegExp])[];
