import { expect, it } from 'vitest';
import { listReports } from '../../../db/registry/reports.ts';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { textOf } from '../../helpers/page-text.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const OURS = { 'sec-fetch-site': 'same-origin' };

async function serving(store: Store, publicUrl = 'http://inkoop.example') {
  await castIn(store);
  const { id } = await store.write((tx) => addDeadline(tx));
  const { app } = await appFor(store, { publicUrl });
  const path = `/datums/${id}/klopt-niet`;
  const send = async (fields: Record<string, string>, headers: Record<string, string> = OURS, at = path, from = '192.0.2.7') => {
    const {
      body,
      headers: answered,
      statusCode,
    } = await app.inject({
      method: 'POST',
      url: at,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
      payload: new URLSearchParams(fields).toString(),
      remoteAddress: from,
    });
    return { status: statusCode, body, headers: answered, text: textOf(body) };
  };
  return { app, id, path, send };
}

onBothDialects('"Klopt dit niet?"', (fresh) => {
  it('names the entry, takes what is typed, and leads to a page that says what happens next', async () => {
    const store = await fresh();
    const { app, id, path, send } = await serving(store);
    const form = await app.inject(path);
    expect(textOf(form.body)).toContain('Over welke datum? Noord 2025: Jaarplan met begroting indienen');
    const sent = await send({
      wrong: ' Het is\r\n1 november. \u202e',
      right: '1 november 2024',
      where: '',
      email: 'Iemand@Praktijk.example ',
    });
    expect([sent.status, sent.headers['location'], sent.headers['cache-control']]).toEqual([303, `${path}/bedankt`, 'no-store']);
    expect(await listReports(store.read)).toMatchObject([
      {
        deadlineId: id,
        revision: 1,
        language: 'nl',
        wrong: 'Het is\n1 november.',
        correct: '1 november 2024',
        proof: null,
        email: 'iemand@praktijk.example',
      },
    ]);
    const thanks = await app.inject(`${path}/bedankt`);
    expect(textOf(thanks.body)).toContain('Dank u, uw melding is bewaard');
    expect(thanks.body).not.toContain('Iemand');
    expect(await store.read.$count(store.read.tables.messages)).toBe(0);
    // Nothing of where it came from but a digest.
    const [row] = await store.read.select().from(store.read.tables.reports);
    expect(JSON.stringify(row)).not.toContain('192.0.2');
    const english = await send({ wrong: 'No' }, OURS, `/en${path}`);
    expect([english.status, english.headers['location']]).toEqual([303, `/en${path}/bedankt`]);
  });

  it('says beside each field and together what is wrong, and keeps what was typed', async () => {
    const store = await fresh();
    const { send } = await serving(store);
    const { body, status, text } = await send({ wrong: '  ', right: 'x'.repeat(2001), where: '<b>Blad 3</b>', email: 'geen adres' });
    expect(status).toBe(400);
    expect(text).toContain(
      'Er kloppen 3 dingen niet Vul in wat er niet klopt. Dit is te lang: 2001 tekens. Er passen er 2000. Vul een volledig e-mailadres in',
    );
    for (const name of ['wrong', 'right', 'email']) {
      expect(body).toContain(`<a href="#${name}">`);
      expect(body).toContain(`id="${name}-error"`);
    }
    expect(body).toContain('&lt;b&gt;Blad 3&lt;/b&gt;</textarea');
    expect(body).toContain('value="geen adres"');
    expect(body).not.toContain('<b>Blad');
    expect(await listReports(store.read)).toEqual([]);
  });

  it('takes five an hour of one caller, says so in words, and loses nothing of the sixth', async () => {
    const store = await fresh();
    const { path, send } = await serving(store);
    for (let n = 1; n <= 5; n += 1) expect((await send({ wrong: `Nummer ${n}` })).status).toBe(303);
    const sixth = await send({ wrong: 'Nummer 6' });
    expect([sixth.status, sixth.headers['retry-after']]).toEqual([429, '3600']);
    expect(sixth.text).toContain('U meldde al vijf keer iets in het afgelopen uur');
    expect(sixth.body).toContain('Nummer 6</textarea');
    expect((await send({ wrong: 'Een ander' }, OURS, path, '192.0.2.8')).status).toBe(303);
    expect(await listReports(store.read)).toHaveLength(6);
  });

  it('takes a form of our own pages alone', async () => {
    const store = await fresh();
    const { send } = await serving(store, 'http://inkoop.example/zorg');
    const fields = { wrong: 'Iets' };
    for (const headers of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      { origin: 'https://inkoop.example' },
    ] as Record<string, string>[]) {
      const refused = await send(fields, headers);
      expect([headers, refused.status]).toEqual([headers, 403]);
      expect(refused.text).toContain('Dit formulier is niet verstuurd');
    }
    expect(await listReports(store.read)).toEqual([]);
    const sent = await send(fields, { origin: 'http://inkoop.example' });
    expect([sent.status, sent.headers['location']]).toEqual([303, expect.stringMatching(/^\/zorg\/datums\/.*\/bedankt$/)]);
    const odd = await send(fields, { ...OURS, 'content-type': 'application/json' });
    expect(odd.status).toBe(415);
    expect((await send(fields, OURS, '/datums/x/klopt-niet')).status).toBe(404);
  });
});
