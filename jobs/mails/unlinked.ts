/** Names that others chose, written so that no mail program makes a link of them. */
import type { Draft } from '../../db/sending/composing.ts';

/**
 * A name without anything that mail programs turn into a link by themselves, in plain text as in HTML: a web or mail address becomes words by
 * the spaces in it, "evil. example/x". No program links across a space, whereas what cannot be seen (zero-width characters) is dropped by
 * some, and taken for a trick by spam filters. A name that looks like none stays as it is: "St. Jan", "Zorg B.V.", "versie 2.0".
 */
export function unlinked(name: string): string {
  // What cannot be seen is dropped by us or by the program, and then what stood around it stands together.
  const seen = name.replaceAll(UNSEEN, '');
  if (!LINK.test(seen.normalize('NFKC'))) return name;
  return seen.replaceAll(/\S+/gu, (word) => (LINK.test(word.normalize('NFKC')) ? word.replaceAll(SEPARATORS, '$& ') : word));
}

/** The draft with every organisation's name so, the titles that it gave its own dates, and addresses that could pass for more than an address. */
export function unlinkedDraft(draft: Draft): Draft {
  const { about, acts, changes, due, next, organisation, otherNames, partly, recipient, steps, undone, unreached } = draft;
  return {
    ...draft,
    organisation: named(organisation),
    otherNames: otherNames.map(unlinked),
    about: about && named(about),
    recipient: withPlainAddresses(recipient),
    unreached: unreached.map(withPlainAddresses),
    partly: partly.map(plainAddress),
    due: due.map((one) => ({ ...one, item: withNames(one.item) })),
    steps: steps.map((one) => ({
      ...one,
      step: { ...one.step, title: unlinked(one.step.title) },
      before: one.before && withNames(one.before),
    })),
    next: next.map(withNames),
    changes: changes.map(withNames),
    acts: acts.map(withPlainWords),
    undone: undone.map((one) => ({ item: withNames(one.item), organisation: named(one.organisation) })),
  };
}

/**
 * A dot before letters as in a domain (also the dots of other scripts, RFC 3490, 3.1), four numbers as of a machine, a scheme, an @, or two
 * backslashes as before a server's name.
 */
const LINK = /[^\s.][.\u3002](?:\p{L}{2}|xn--)|\d+(?:\.\d+){3}|\p{L}:\S|:\/\/|@|\\\\/iu;
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--\s]/gv;
/** The same characters in every width. */
const SEPARATORS = /[.\u2024\u3002\uFF0E\uFF61:\uFF1A@\uFF20/\uFF0F\\\uFF3C](?=\S)/gu;

const named = <T extends { name: string }>(organisation: T): T => ({ ...organisation, name: unlinked(organisation.name) });
const withNames = <T extends { organisations: { name: string }[]; undoneBy?: readonly string[] }>(item: T): T => ({
  ...item,
  organisations: item.organisations.map(named),
  ...(item.undoneBy && { undoneBy: item.undoneBy.map(unlinked) }),
});

type Addresses = Draft['recipient'];

function withPlainAddresses(recipient: Addresses): Addresses {
  const { deputyEmail, email } = recipient;
  return { ...recipient, email: plainAddress(email), deputyEmail: deputyEmail && plainAddress(deputyEmail) };
}

/** Who did it may be an address, or any name; and so may why, and what it is about. */
function withPlainWords<T extends Draft['acts'][number]>(act: T): T {
  const { by, said, step } = act;
  const plain = by && (/^[^\s@]+@[^\s@]+$/.test(by) ? plainAddress(by) : unlinked(by));
  return {
    ...act,
    by: plain,
    said: said && { ...said, reason: said.reason && unlinked(said.reason) },
    step: step && { ...step, title: unlinked(step.title) },
  };
}

/** An address stays one; before its @ there may stand what a mail program would take for the rest of a web address. */
export function plainAddress(email: string): string {
  const at = email.lastIndexOf('@');
  return /^[\w.+'-]+$/.test(email.slice(0, at)) ? email : unlinked(email);
}
