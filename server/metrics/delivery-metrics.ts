/** How delivery stands, for Prometheus: read from the database when it is asked for. */
import { Gauge, type Registry } from '@prometheus-io/client';
import { readBackupRecord } from '../../db/backup/records.ts';
import { readAudit } from '../../db/reminders/audit.ts';
import { readDelivery } from '../../db/sending/health.ts';
import { readHold } from '../../db/messages/hold.ts';
import type { Deps } from '../deps.ts';

/** What the figures are made of. */
type Watched = Pick<Deps, 'clock' | 'lastRoundAt' | 'lastWriteAt' | 'read'>;

/** Adds what tells of mails to a registry. */
export function measureDelivery(registry: Registry, deps: Watched): void {
  let reading: ReturnType<typeof readFigures> | undefined;
  // All gauges are collected together: they share one reading.
  const read = () => (reading ??= readFigures(deps).finally(() => (reading = undefined)));
  for (const [name, help] of Object.entries(HELP)) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        gauge.set((await read())[name as keyof typeof HELP]);
      },
    });
  }
}

const HELP = {
  mails_due: 'Mails that are due and not sent',
  mails_oldest_due_seconds: 'How long the oldest of them has been due',
  mails_dead: 'Mails that wait for a person',
  mail_breaker_open: '1 while the mail server takes no mail',
  mail_breaker_since_seconds: 'How long the mail server has taken no mail; 0 while it takes some',
  mail_hold: '1 while mail is held by an operator',
  audit_missing_reminders: 'Reminders that the last audit missed',
  backup_age_seconds: 'How old the newest backup is that was made by itself; NaN while there is none',
  last_round_seconds: 'How long ago the jobs last got further',
  last_write_seconds: 'How long ago the database last took a change of this process',
};

async function readFigures({ clock, lastRoundAt, lastWriteAt, read }: Watched): Promise<Record<keyof typeof HELP, number>> {
  const now = clock();
  const since = (moment: Date | null | undefined) => (moment ? (now.getTime() - moment.getTime()) / 1000 : 0);
  const { breaker, dead, due, oldestDueAt } = await readDelivery(read, now);
  const audit = await readAudit(read);
  const { madeAt } = await readBackupRecord(read);
  return {
    mails_due: due,
    mails_oldest_due_seconds: since(oldestDueAt),
    mails_dead: dead,
    mail_breaker_open: breaker ? 1 : 0,
    mail_breaker_since_seconds: since(breaker?.since),
    mail_hold: (await readHold(read)) ? 1 : 0,
    audit_missing_reminders: audit ? audit.missing + audit.stranded : 0,
    backup_age_seconds: madeAt === null ? NaN : since(new Date(madeAt)),
    last_round_seconds: since(lastRoundAt?.()),
    last_write_seconds: since(lastWriteAt?.()),
  };
}
