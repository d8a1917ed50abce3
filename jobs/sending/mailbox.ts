/** The mails in a file: one by itself, or a mailbox (mbox, RFC 4155) of many. */

/** Each mail's bytes, with its line ends as they are. In a mailbox each begins with a line `From `, after an empty one; what such a line cost a body is given back. */
export function* mailsIn(file: Buffer): Generator<Buffer> {
  const first = file.findIndex((byte) => byte !== LF && byte !== CR);
  if (first < 0) return;
  if (!isSeparator(file, first)) {
    yield file;
    return;
  }
  for (let at = first; at < file.length;) {
    const start = lineEnd(file, at);
    const end = nextSeparator(file, start);
    yield unquoted(file.subarray(start, end));
    at = end;
  }
}

const [LF, CR] = [0x0a, 0x0d];

/** Where the next line begins. */
function lineEnd(file: Buffer, at: number): number {
  const end = file.indexOf(LF, at);
  return end < 0 ? file.length : end + 1;
}

function nextSeparator(file: Buffer, from: number): number {
  for (let at = file.indexOf('\nFrom ', from - 1); at >= 0; at = file.indexOf('\nFrom ', at + 1)) {
    const before = file[at - 1] === CR ? file[at - 2] : file[at - 1];
    if ((before === LF || at < from) && isSeparator(file, at + 1)) return at + 1;
  }
  return file.length;
}

/** A line of a mailbox names a sender and a time; a sentence that begins with "From" does not. */
function isSeparator(file: Buffer, at: number): boolean {
  return /^From .*\d\d:\d\d/.test(
    file
      .subarray(at, at + 500)
      .toString('latin1')
      .split('\n', 1)[0]!,
  );
}

function unquoted(mail: Buffer): Buffer {
  if (!mail.includes('>From ')) return mail;
  return Buffer.from(mail.toString('latin1').replaceAll(/^>(>*From )/gm, '$1'), 'latin1');
}
