/** The settings: what is bad, what is none, and what is odd about them. */
import { readConfig, readTexts, SETTING_NAMES, type Config } from '../../config.ts';
import { addEnvFile, namesInEnvFile } from '../../starting/env-file.ts';
import { lineOf } from '../../starting/fault-line.ts';
import { readSecret } from '../../starting/secret.ts';
import { readSigningKey } from '../../starting/signing-key.ts';
import { doubtsAbout } from '../../starting/start-doubts.ts';
import type { Notes } from './finding.ts';

/** What the other parts need of the settings; what is bad is left out, so that they can be looked at all the same. */
export interface Settings {
  config: Config;
  /** Null where there is none, or it cannot be read. */
  secret: string | null;
  signingKey: ReturnType<typeof readSigningKey>;
}

/** Reads the settings as a start does, and goes on where that would stop. `env` gets what stands in `.env`. */
export function examineSettings({ fault, ok, warn }: Notes, env: NodeJS.ProcessEnv): Settings {
  try {
    addEnvFile(env);
  } catch (error) {
    fault(lineOf(error), 'mend these lines: the service does not start with them, and what follows was looked at without the file');
  }
  const { faults } = readTexts(env);
  for (const { line, names } of faults) {
    fault(line, 'mend it: the service does not start with it, and what follows was looked at as if it were not given');
    for (const name of names) delete env[name];
  }
  const config = readConfig(env);
  for (const name of namesNobodyReads()) {
    const near = SETTING_NAMES.find((one) => isNear(name, one));
    warn(
      `.env gives ${name}, which is no setting`,
      near ? `call it ${near}, if that is meant` : 'remove it, or look at the table of settings in the README',
    );
  }
  const settings = {
    config,
    secret: trial(fault, () => readSecret(config.secret)),
    signingKey: trial(fault, () => readSigningKey(config.dkim)) ?? undefined,
  };
  for (const doubt of doubtsAbout(config, settings.signingKey?.key))
    warn(doubt, 'mend it: the service starts with it, and says so in its log');
  if (!config.loadsRegistry)
    ok("REGISTRY is empty: no start loads the registry's own files, and what was entered or applied is all there is");
  if (faults.length === 0) ok(`${SETTING_NAMES.filter((name) => env[name]).length} given, the others as they are by default`);
  return settings;
}

function trial<T>(fault: Notes['fault'], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    fault(lineOf(error), 'mend it: the service does not start with it');
    return null;
  }
}

/** What the drivers and Node themselves look at. */
const OTHERS = /^(PG[A-Z]+|NODE_\w+|TZ|(HTTPS?|NO)_PROXY)$/;

function namesNobodyReads(): string[] {
  try {
    return namesInEnvFile().filter((name) => !SETTING_NAMES.includes(name) && !OTHERS.test(name));
  } catch {
    // Told above.
    return [];
  }
}

/** Whether one was probably meant by the other: the same letters, or up to two of them other. */
function isNear(name: string, setting: string): boolean {
  const [a, b] = [name, setting].map((one) => one.toUpperCase().replaceAll(/[^A-Z]/g, '')) as [string, string];
  return distance(a, b) <= 2;
}

/** How many letters have to be added, left out or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
