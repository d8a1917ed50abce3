/** One entry as a calendar file, for who wants no subscription. It does not change once it is taken. */
import { itemForAll, joinEntries, renderEntry, renderHead } from '../../../calendars/ics/feed.ts';
import { LANGUAGES } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { withArranged } from '../../../db/organisations/agenda.ts';
import type { App, Deps } from '../../deps.ts';
import { pathIn } from '../language.ts';
import { answerPageNotFound } from '../not-found.ts';
import { findEntry, idOf } from './entry-facts.ts';

export function oneDateFile({ cache, publicUrl }: Pick<Deps, 'cache' | 'publicUrl'>) {
  return async (app: App) => {
    for (const language of LANGUAGES)
      app.get(pathIn(language, '/datums/:deadlineId/datum.ics'), async (request, reply) => {
        const { names, parts } = await cache.refresh();
        const deadline = findEntry({ parts }, idOf({ request }));
        const insurer = deadline?.insurer ?? null;
        const insurerName = insurer === null ? null : (names.get(insurer) ?? insurer);
        // As it stands in the insurer's calendar, so that who subscribes later has it once.
        const place = deadline && { insurerName, ...withArranged(deadline, parts.get(insurer ?? '')?.deadlines ?? []) };
        const item = place && itemForAll(deadline, place);
        if (!item) return answerPageNotFound(request, reply);
        const head = renderHead({ name: insurerName ?? wordsIn(language)('common:sector'), language, isCopy: true });
        return reply
          .headers({
            'cache-control': 'no-cache',
            'content-disposition': 'attachment; filename="inkoopkalender-datum.ics"',
            'x-robots-tag': 'noindex',
          })
          .type('text/calendar; charset=utf-8')
          .send(Buffer.concat([head, joinEntries([renderEntry(item, language, publicUrl)])]));
      });
  };
}
