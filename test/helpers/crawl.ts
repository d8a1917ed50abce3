/** Follows every address that a service names, as a browser, a robot and an impatient reader of mails would together. */

/** One answer: what was asked, and what came. */
export interface Visit {
  method: 'GET' | 'POST';
  url: string;
  status: number;
  text: string;
  headers: Headers;
}

interface Form {
  url: string;
  body: string;
}

/** Asks for each address, for all that the answers lead to on the same host, then presses every button, and looks there once more; each once. */
export async function crawl(starts: readonly string[]): Promise<Visit[]> {
  const [{ origin }] = starts.map((start) => new URL(start)) as [URL];
  const visits: Visit[] = [];
  const seen = new Set<string>();
  const [addresses, forms] = [[...starts], [] as Form[]];
  for (;;) {
    const [address, form] = [addresses.shift(), addresses.length === 0 ? forms[0] : undefined];
    if (address === undefined && form === undefined) return visits;
    if (address === undefined) forms.shift();
    const { url, body } = address === undefined ? form! : { url: address, body: null };
    const [place = ''] = url.split('#');
    if (new URL(place).origin !== origin || seen.has(`${place} ${body}`)) continue;
    seen.add(`${place} ${body}`);
    const visit = await ask(place, body);
    visits.push(visit);
    addresses.push(...addressesIn(visit), place);
    forms.push(...formsIn(visit));
  }
}

async function ask(url: string, body: string | null): Promise<Visit> {
  const method = body === null ? 'GET' : 'POST';
  const headers = {
    accept: 'text/html, */*;q=0.8',
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
  };
  const answer = await fetch(url, { method, headers, redirect: 'manual', ...(body === null ? {} : { body }) });
  return { method, url, status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Every address on the same host in the headers and in what is for people, robots and programs, as a whole address. */
function addressesIn(visit: Visit): string[] {
  const { headers, text, url } = visit;
  const { origin } = new URL(url);
  const { calls, servers } = callsIn(visit);
  const type = headers.get('content-type') ?? '';
  const inHeaders = [headers.get('location') ?? [], ...matchesOf(headers.get('link') ?? '', /<([^>]*)>/g)].flat();
  const inPage = type.startsWith('text/html') ? matchesOf(text, /\s(?:href|src|action)="([^"]*)"/g).map(unescaped) : [];
  const inStyle = type.startsWith('text/css') ? matchesOf(text, /url\(["']?(?!data:)([^"')]+)/g) : [];
  const inScript = url.includes('swagger-initializer') ? matchesOf(text, /\.href = '([^']+)'/g) : [];
  const written = type.includes('javascript')
    ? []
    : text
        .split(/[\s"'<>()\\]+/)
        .filter((word) => word.startsWith(`${origin}/`) && !servers.includes(word))
        .map((word) => (type.startsWith('text/html') ? unescaped(word) : word));
  return [...inHeaders, ...inPage, ...inStyle, ...inScript, ...written, ...calls].map((address) => new URL(address, url).href);
}

/** The buttons of a page that change something, each with what it sends; a form that only asks has an address like a link. */
function formsIn({ headers, text, url }: Visit): Form[] {
  if (!(headers.get('content-type') ?? '').startsWith('text/html')) return [];
  return [...text.matchAll(/<form (?![^>]*method="get")([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', content = '']) => {
    const [action = url] = matchesOf(attributes, /action="([^"]*)"/g);
    const [name, value] = ['name', 'value'].map((one) => matchesOf(content, new RegExp(`<button [^>]*${one}="([^"]*)"`, 'g'))[0]);
    return { url: new URL(unescaped(action), url).href, body: name === undefined ? '' : `${name}=${value}` };
  });
}

/** What an API document says: each call that needs neither a key nor an id, at each of its servers; a server alone is no address. Nothing for all else. */
function callsIn({ headers, text }: Visit): { calls: string[]; servers: string[] } {
  if (!(headers.get('content-type') ?? '').startsWith('application/json')) return { calls: [], servers: [] };
  const { paths = {}, servers = [] } = JSON.parse(text) as { paths?: object; servers?: { url: string }[] };
  const open = Object.entries(paths).filter(([path, call]) => !path.includes('{') && call.get && !call.get.security);
  const urls = servers.map(({ url }) => url);
  return { calls: urls.flatMap((url) => open.map(([path]) => url + path)), servers: urls };
}

const matchesOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

const unescaped = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
