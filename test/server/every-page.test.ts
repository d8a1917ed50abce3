/** Every page of the site, found by following the links from the front page in both languages: what all of them owe their readers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crawl, type Visit } from '../helpers/crawl.ts';
import { partsIn } from '../helpers/page-text.ts';
import { startPathProxy, type PathProxy } from '../helpers/path-proxy.ts';
import { freePort, startService, type Service } from '../helpers/service.ts';

/** Of somebody else, and beside what is read: they have no frame of ours. */
const NO_PAGES = /^\/(docs|api|calendars)(\/|$)/;

/** Words that no Dutch sentence of the registry is without, and no English one has. */
const DUTCH =
  /(?<![\p{L}-])(alle|bij|dat|deze|door|een|geen|het|jaar|moet|moeten|naar|niet|ook|tussen|uit|uiterlijk|van|volgens|voor|worden|wordt|zijn)(?![\p{L}-])/iu;

describe.each(['', '/zorg/kalender'])('every page at the path "%s" of a host', (path) => {
  let folder: string;
  let proxy: PathProxy;
  let service: Service;
  let all: Visit[];
  let pages: Visit[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-pages-'));
    const port = await freePort();
    proxy = await startPathProxy({ target: port, path, strips: false });
    const settings = {
      DATABASE_URL: 'file:pages.db',
      MAIL_URL: 'file:mail',
      LOG_LEVEL: 'error',
      OPERATOR_NAME: 'Stichting Zorg',
      OPERATOR_ADDRESS: 'Kerkstraat 1, Leiden',
    };
    service = await startService({ ...settings, PUBLIC_URL: proxy.url }, { cwd: folder, port });
    all = (await crawl([`${proxy.url}/`, `${proxy.url}/en`])).filter(({ method }) => method === 'GET');
    pages = all.filter((visit) => isPage(visit) && visit.status === 200 && !NO_PAGES.test(pathOf(visit)));
  });
  afterAll(async () => {
    await service?.stop();
    await proxy?.close();
    rmSync(folder, { recursive: true });
  });

  /** The path of the service. */
  const pathOf = ({ url }: Visit) => new URL(url).pathname.slice(path.length);
  /** Whatever `fault` finds, by the page's path. */
  const faultsOf = (fault: (page: Visit) => string | false | undefined) =>
    pages.flatMap((page) => {
      const found = fault(page);
      return found === undefined || found === false ? [] : [`${pathOf(page)}: ${found}`];
    });

  it('leads nowhere that is not there, and is there in both languages', () => {
    const dead = all.filter(({ status }) => ![200, 301, 302, 303, 401].includes(status));
    expect(dead.map(({ status, url }) => `${status} ${url}`)).toEqual([]);
    expect(proxy.outside()).toEqual([]);
    const paths = new Set(pages.map(pathOf));
    expect([...paths]).toEqual(expect.arrayContaining(['/', '/en', '/privacy', '/en/privacy', '/toegankelijkheid']));
    const dutch = [...paths].filter((one) => !/^\/en(\/|$)/.test(one)).map((one) => (one === '/' ? '/en' : `/en${one}`));
    expect([...paths].filter((one) => /^\/en(\/|$)/.test(one)).sort()).toEqual(dutch.sort());
  });

  it('has one h1, at most one primary button, and what is in it stands in main', () => {
    expect(faultsOf(({ text }) => countIn(text, /<h1[\s>]/g) !== 1 && `${countIn(text, /<h1[\s>]/g)} h1`)).toEqual([]);
    expect(faultsOf(({ text }) => countIn(text, /class="button primary"/g) > 1 && 'several primary buttons')).toEqual([]);
    expect(faultsOf(({ text }) => countIn(text, /<main[\s>]/g) !== 1 && 'no main')).toEqual([]);
  });

  it('says in which language it is, what it is called as no other page is, and what it is about', () => {
    expect(
      faultsOf((page) => {
        const language = /^\/en(\/|$)/.test(pathOf(page)) ? 'en' : 'nl';
        return !page.text.includes(`<html lang="${language}">`) && `not ${language}`;
      }),
    ).toEqual([]);
    expect(
      faultsOf(({ text }) => (/<meta name="description" content="([^"]*)"/.exec(text)?.[1] ?? '').length < 30 && 'no description'),
    ).toEqual([]);
    for (const [language, own] of Object.entries(Object.groupBy(pages, (page) => (/^\/en(\/|$)/.test(pathOf(page)) ? 'en' : 'nl')))) {
      // A choice on a page is the same page.
      // Entries may be called alike: an activity of each quarter, or the requirements of an insurer in English.
      const named = own.filter((page) => !pathOf(page).includes('/datums/'));
      const titles = new Map(named.map((page) => [pathOf(page), /<title>([^<]*)<\/title>/.exec(page.text)?.[1]]));
      const twice = [...titles].filter(([at, title]) => [...titles].some(([other, same]) => other !== at && same === title));
      expect(twice, language).toEqual([]);
    }
  });

  it('says in English what is ours, and marks as Dutch what the registry and its documents say', () => {
    const english = pages.filter((page) => /^\/en(\/|$)/.test(pathOf(page)));
    const unmarked = english.flatMap((page) =>
      partsIn(page.text, 'en').flatMap((part) => (DUTCH.test(part) ? `${pathOf(page)}: ${part}` : [])),
    );
    expect(unmarked).toEqual([]);
    // There is Dutch on them.
    expect(english.filter(({ text }) => partsIn(text, 'nl').some((part) => DUTCH.test(part))).length).toBeGreaterThan(50);
  });

  it('names where it stands for good and in the other language, also to search engines', async () => {
    expect(
      faultsOf((page) => {
        const own = `<link rel="canonical" href="${proxy.url}${pathOf(page)}" />`;
        return !page.text.includes(own) && `no ${own}`;
      }),
    ).toEqual([]);
    expect(faultsOf(({ text }) => countIn(text, /<link rel="alternate" hreflang="(nl|en)"/g) !== 2 && 'no alternate')).toEqual([]);
    expect(faultsOf(({ text }) => !text.includes('<meta property="og:title"') && 'no preview')).toEqual([]);
    const places = (await (await fetch(`${proxy.url}/sitemap.xml`)).text()).match(/(?<=<loc>)[^<]*/g)!;
    for (const place of places) expect((await fetch(place, { method: 'HEAD' })).status, place).toBe(200);
  });

  it('runs no script of its own text, has no style in it, and takes nothing from elsewhere', () => {
    expect(
      faultsOf(({ text }) => /<script(?![^>]*\s(?:src=|type="application\/ld\+json"))|\son\w+="|\sstyle="|javascript:/.exec(text)?.[0]),
    ).toEqual([]);
    expect(
      faultsOf(({ text, url }) => {
        const taken = [...text.matchAll(/<(?:script|img|link|iframe|source|object)\b[^>]*\s(?:src|href|data)="([^"]*)"/g)];
        return taken
          .map(([, address]) => new URL(address!, url).href)
          .find((address) => !address.startsWith(`${proxy.url}/`) && address !== proxy.url);
      }),
    ).toEqual([]);
    expect(faultsOf(({ headers }) => /unsafe|\*/.exec(headers.get('content-security-policy') ?? 'unsafe')?.[0])).toEqual([]);
  });
});

const isPage = ({ headers }: Visit) => (headers.get('content-type') ?? '').startsWith('text/html');
const countIn = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
