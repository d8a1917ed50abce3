/** The calendar programs of Debian that read our feed in tests: which are here, and running one without a trace on the machine. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Debian's package of each tool, and whether it is here. pyenv and the like have their own Python without the modules: it must be Debian's. */
const TOOLS = {
  'python3-vobject': () => hasModule('vobject'),
  'python3-icalendar': () => hasModule('icalendar'),
  'libical-dev': () => existsSync('/usr/include/libical/ical.h') && existsSync('/usr/bin/gcc'),
  calcurse: () => existsSync('/usr/bin/calcurse'),
  khal: () => existsSync('/usr/bin/khal'),
  vdirsyncer: () => existsSync('/usr/bin/vdirsyncer'),
};
type Tool = keyof typeof TOOLS;

/** The tools of these that are missing; one line says so. In CI a missing one is an error. */
export function missingTools(...wanted: Tool[]): ReadonlySet<string> {
  const missing = wanted.filter((tool) => !TOOLS[tool]());
  const line = `calendar clients skipped, not installed: ${missing.join(', ')} (Debian: apt install ${missing.join(' ')})`;
  if (missing.length > 0 && process.env['CI']) throw new Error(`CI runs all: ${line}`);
  if (missing.length > 0) console.warn(line);
  return new Set(missing);
}

/** Runs a tool to its end, in a home folder of its own and far from Amsterdam, where a day read as a moment is the day before. Fails when the tool does. */
export async function runTool(home: string, file: string, ...args: string[]): Promise<string> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', TZ: 'America/New_York' };
  const running = promisify(execFile)(file, args, { cwd: home, env, timeout: 60_000 });
  // Nobody is there to answer a question.
  running.child.stdin?.end();
  const { stdout, stderr } = await running;
  return stdout + stderr;
}

function hasModule(name: string): boolean {
  return spawnSync('/usr/bin/python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
}
