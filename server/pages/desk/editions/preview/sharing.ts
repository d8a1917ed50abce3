/** Dear answers, looked for one at a time: whoever asks for the same at the same moment, or just after, gets the same answer. */

/**
 * Asks under a key, once those who asked for something else before are answered. What is asked or was answered last under the same key is not asked
 * again. What fails is kept for nobody.
 */
export function openSharing<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const waiting = new Map<string, Promise<T>>();
  let last: { key: string; answer: Promise<T> } | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  return (key, ask) => {
    const earlier = waiting.get(key) ?? (last?.key === key ? last.answer : undefined);
    if (earlier !== undefined) return earlier;
    const answer = turn.then(ask);
    waiting.set(key, answer);
    turn = answer
      .then(() => (last = { key, answer }))
      .catch(() => {})
      .finally(() => waiting.delete(key));
    return answer;
  };
}
