/** A form with a file from who may not send one: the answer comes while the file is still on its way, which is not read. */
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { appFor } from '../../../helpers/app.ts';
import { SECURE_URL } from '../../../helpers/browser.ts';
import { castIn } from '../../../helpers/cast.ts';
import { connectRaw } from '../../../helpers/raw-http.ts';
import { onSqlite } from '../../../helpers/stores.ts';

const PATH = '/redactie/documenten/nieuw';
const part = (head: string, content: string) => `--grens\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}`;
const FIELDS = `${part('name="url"', 'https://noord.example/beleid')}\r\n`;
const FILE = part('name="file"; filename="beleid.pdf"', '%PDF-');
const head = (length: number) =>
  [
    `POST ${PATH} HTTP/1.1`,
    'host: inkoop.example',
    'accept: text/html',
    'sec-fetch-site: same-origin',
    'content-type: multipart/form-data; boundary=grens',
    `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');

onSqlite('a file that nobody reads', (fresh) => {
  const serving = async () => {
    const store = await fresh();
    await castIn(store);
    const { app } = await appFor(store, { publicUrl: SECURE_URL });
    await app.listen({ host: '127.0.0.1', port: 0 });
    return connectRaw((app.server.address() as AddressInfo).port);
  };

  it('is answered with what was typed before all of it was sent, and the connection ends', async () => {
    const connection = await serving();
    connection.write(head(20 * 2 ** 20) + FIELDS + FILE + 'x'.repeat(80_000));
    const { body, headers, status } = await connection.next();
    expect([status, headers['connection'], body.includes('https://noord.example/beleid')]).toEqual([401, 'close', true]);
    // What was on its way is taken from the line, so that the answer is not lost; the rest is not waited for.
    connection.write('x'.repeat(100_000));
    connection.write('x'.repeat(400_000));
    expect(await connection.rest()).toBe('');
  });

  it('is read where it is as short as any form, and the connection stays', async () => {
    const connection = await serving();
    const whole = `${FIELDS}${FILE}\r\n--grens--\r\n`;
    for (const _ of [1, 2]) {
      connection.write(head(whole.length) + whole);
      const { headers, status } = await connection.next();
      expect([status, headers['connection']]).toEqual([401, 'keep-alive']);
    }
    connection.close();
  });
});
