/** What the doctor says: one thing that was looked at, how it is, and what to do where it is not well. */
import { lineOf } from '../../starting/fault-line.ts';

export interface Finding {
  /** What was looked at. */
  part: string;
  level: 'ok' | 'warning' | 'fault';
  says: string;
  /** What to do; null where nothing is. */
  todo: string | null;
}

/** Findings about one part, noted one after the other. */
export interface Notes {
  ok: (says: string) => void;
  warn: (says: string, todo: string) => void;
  fault: (says: string, todo: string) => void;
}

/** Looks at one part. What cannot be looked at is a fault of that part alone: the others go on. */
export async function lookAt(part: string, look: (notes: Notes) => Promise<void> | void, todo: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note =
    (level: Finding['level']) =>
    (says: string, todo: string | null = null) =>
      void findings.push({ part, level, says, todo });
  const fault = note('fault');
  try {
    await look({ ok: note('ok'), warn: note('warning'), fault });
  } catch (error) {
    fault(lineOf(error), todo);
  }
  return findings;
}
