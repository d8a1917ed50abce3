/** What a page says, without its elements. */
export function textOf(page: string): string {
  return page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

/** What a page says and names in a language: its text and the labels of its elements, but for what stands in an element of another language. */
export function partsIn(page: string, language: string): string[] {
  const parts: string[] = [];
  const open: { name: string; language: string }[] = [];
  const here = () => open.at(-1)?.language ?? '';
  const shown = page.replaceAll(/<(script|style)\b.*?<\/\1>/gs, '');
  for (const [, isEnd, name, attributes = '', text] of shown.matchAll(/<(\/?)([a-z0-9]+)((?:"[^"]*"|[^>"])*)>|([^<]+)/gi)) {
    if (text !== undefined) {
      if (here() === language) parts.push(text);
    } else if (isEnd) while (open.length > 0 && open.pop()!.name !== name);
    else {
      const own = /\slang="([^"]*)"/.exec(attributes)?.[1] ?? here();
      if (own === language) parts.push(...[...attributes.matchAll(LABELS)].map(([, label]) => label!));
      if (!VOID.has(name) && !attributes.endsWith('/')) open.push({ name: name!, language: own });
    }
  }
  return parts.map((part) => part.replaceAll(/\s+/g, ' ').trim()).filter((part) => part !== '');
}

const LABELS = /\s(?:alt|aria-label|content|placeholder|title)="([^"]*)"/g;
/** Elements that have no end. */
const VOID: ReadonlySet<string | undefined> = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'source']);
