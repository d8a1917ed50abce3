import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { gatherBody, readMultipart } from '../../../../server/http/coding/multipart.ts';

const TYPE = 'multipart/form-data; boundary=----x1';
const part = (head: string, content: string) => `------x1\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
const read = (text: string, isCut = false, type = TYPE) => readMultipart(type, { body: Buffer.from(text, 'latin1'), isCut });

it('reads what a browser sends', async () => {
  const form = new FormData();
  form.append('titel', 'Beleid “é”\r\n');
  form.append('leeg', '');
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45]);
  form.append('bestand', new File([bytes], 'mijn "beleid" é.pdf', { type: 'application/pdf' }));
  const sent = new Response(form);
  const { body, isCut } = await gatherBody(Readable.from([Buffer.from(await sent.arrayBuffer())]), 2 ** 20);
  const { fields, files } = readMultipart(sent.headers.get('content-type')!, { body, isCut })!;
  expect([...fields]).toEqual([
    ['titel', 'Beleid “é”\r\n'],
    ['leeg', ''],
  ]);
  expect(files.get('bestand')).toEqual({ name: 'mijn "beleid" é.pdf', type: 'application/pdf', bytes, isCut: false });
});

it('keeps so much of a body and reads on to its end; what came before the cut stands', async () => {
  const whole = `${part('name="a"', 'eerst')}${part('name="f"; filename="x"', 'y'.repeat(500))}------x1--\r\n`;
  const { body, isCut } = await gatherBody(Readable.from([Buffer.from(whole.slice(0, 100)), Buffer.from(whole.slice(100))]), 300);
  expect([body.length, isCut]).toEqual([300, true]);
  const { fields, files } = readMultipart(TYPE, { body, isCut })!;
  expect([fields.get('a'), files.get('f')?.isCut, files.get('f')!.bytes.length < 300]).toEqual(['eerst', true, true]);
  expect((await gatherBody(Readable.from([body]), 300)).isCut).toBe(false);
  // Of a field that is not whole nothing is given.
  const cut = readMultipart(TYPE, { body: Buffer.from(whole.slice(0, 62)), isCut: true });
  expect([cut?.fields.get('a'), cut?.isCut]).toEqual([null, true]);
});

it.each([
  ['nothing', ''],
  ['no end', part('name="a"', 'x')],
  ['a part without a head', '------x1\r\nx\r\n------x1--'],
  ['a part without a name', `${part('filename="a"', 'x')}------x1--`],
  ['a head without end', `------x1\r\n${'x'.repeat(10_000)}\r\n\r\n\r\n------x1--`],
  ['more parts than a form has', `${part('name="a"', 'x').repeat(65)}------x1--`],
  ['text before it', `x${part('name="a"', 'x')}------x1--`],
])('takes %s for no form', (_, text) => {
  expect(read(text)).toBeNull();
});

it('takes a type without a boundary for no form', () => {
  expect(read('', false, 'multipart/form-data')).toBeNull();
});

it('leaves out what no database keeps of a field', () => {
  expect(read(`${part('name="a"', 'x\0y')}------x1--`)?.fields.get('a')).toBe('xy');
});
