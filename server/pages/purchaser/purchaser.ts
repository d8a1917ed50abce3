/** `/inkoper/{token}`: what the registry says of one insurer, for its own purchaser, who says of each entry whether it is right. No account, no session. */
import { amsterdamDay, amsterdamYear } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { lastAnswers, takeAnswers } from '../../../db/registry/purchasers/answers.ts';
import { endOf, findPurchaserLink, type PurchaserLink } from '../../../db/registry/purchasers/links.ts';
import { boughtIn } from '../../../db/registry/timelines.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type Onward, type PageAsk } from '../page.ts';
import { pageAddress } from '../parts/page-link.ts';
import { formText, type PurchaserFacts, type Shown } from './form.ts';
import { allRight, faultsOf, sayingsOf, typedIn, wrongName } from './typed.ts';

const PATH = '/inkoper/:token';
const DAY_SECONDS = '86400';
const TOKEN = /^[\w-]{43}$/;

export function purchaserPages(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, PATH, async (ask) => {
      unlisted(ask);
      const link = await findLink(deps, ask);
      if (link === null) return null;
      return endOf(link, deps.clock()) === null ? formText(ask, await readFacts(deps, link)) : goneText(ask);
    });
    takeForm(app, deps, PATH, async (ask) => {
      unlisted(ask);
      const link = await findLink(deps, ask);
      return link && takeAnswersOf(ask, deps, link);
    });
  };
}

async function takeAnswersOf(ask: FormAsk, deps: Deps, link: PurchaserLink): Promise<PageText | Onward> {
  if (endOf(link, deps.clock()) !== null) return goneText(ask);
  const facts = await readFacts(deps, link);
  const { fields, language, reply } = ask;
  const typed = typedIn(fields, facts.all);
  if (fields.get('doe') === 'alles') return formText(ask, facts, { typed: allRight(typed) });
  const refuse = (code: number, why: Partial<Shown>) => {
    reply.code(code);
    return formText(ask, facts, { typed, ...why });
  };
  const faults = faultsOf(typed, language);
  if (faults.size > 0) return refuse(400, { faults });
  const sayings = sayingsOf(typed);
  if (sayings.length === 0) return refuse(400, { fault: wordsIn(language)('page:purchaser.error.none') });
  try {
    await deps.change((tx) => takeAnswers(tx, link.id, sayings, deps.clock()));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'gone') return goneText(ask);
    if (error.kind !== 'limited') throw error;
    reply.header('retry-after', DAY_SECONDS);
    return refuse(429, { fault: wordsIn(language)('page:purchaser.error.limited') });
  }
  return { onward: `/inkoper/${tokenOf(ask)}` };
}

/** What somebody keeps secret stays out of caches and of what is searched. */
const unlisted = ({ reply }: PageAsk) => void reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });

const tokenOf = ({ request }: PageAsk) => (request.params as { token: string }).token;

async function findLink({ read }: Pick<Deps, 'read'>, ask: PageAsk): Promise<PurchaserLink | null> {
  const token = tokenOf(ask);
  return TOKEN.test(token) ? findPurchaserLink(read, token) : null;
}

/** As every reader sees it at this moment, also within an edition's ten minutes. */
async function readFacts({ cache, clock, read }: Deps, link: PurchaserLink): Promise<PurchaserFacts> {
  const { names, parts } = await cache.refresh();
  const now = clock();
  return {
    link,
    insurerName: names.get(link.insurer) ?? link.insurer,
    all: parts.get(link.insurer)?.deadlines ?? [],
    years: boughtIn(amsterdamYear(now)),
    answers: await lastAnswers(read, link.id),
    today: amsterdamDay(now),
  };
}

/** A link that was ended, or is over; what was typed meanwhile stays to be copied. */
function goneText(ask: PageAsk & Partial<Pick<FormAsk, 'fields'>>): PageText {
  const say = wordsIn(ask.language);
  ask.reply.code(410);
  const typed = [...(ask.fields ?? [])].filter(([name, value]) => name.startsWith(wrongName('')) && value.trim() !== '');
  const title = say('page:purchaser.gone.title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:purchaser.gone.text')}</p>
    ${typed.length === 0 ? '' : html`<h2>${say('page:purchaser.gone.typed')}</h2>`}
    ${typed.map(([, value]) => html`<p class="as-typed">${value}</p>`)}
    <p><a href="${pageAddress(ask, '/')}">${say('page:fault.home')}</a></p>`;
  return { title, content };
}
