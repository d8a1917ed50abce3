/** Does in a clean folder what the Dockerfile does, since no engine is needed to see whether its steps lead to a service that runs. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Copy, type Instruction } from 'dockerfile-ast';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

/** The user that images of Node call `node`. */
export const NODE_USER = 1000;
export const isRoot = process.getuid?.() === 0;

/** The last stage, as a container of it would find it. */
export interface Image {
  /** Where the work is done, on this machine. */
  workdir: string;
  env: Record<string, string>;
  user: string;
  command: string[];
  healthcheck: string[];
  volumes: string[];
  /** What was not done here: the base images, and packages of the system. */
  left: string[];
}

/** Runs every instruction of every stage below `folder`. Throws where one fails, or is one that nobody thought of here. */
export function buildImage(folder: string): Image {
  const tools = join(folder, 'tools');
  writeTools(tools);
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of DockerfileParser.parse(DOCKERFILE).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [image, , name = 'last'] = wordsOf(instruction);
      stage = {
        root: join(folder, name),
        workdir: '/',
        env: {},
        user: 'root',
        command: [],
        healthcheck: [],
        volumes: [],
        left: [`FROM ${image}`],
      };
      stages.set(name, stage);
    } else if (stage) perform(instruction, stage, { stages, tools });
  }
  if (!stage) throw new Error('The Dockerfile has no stage.');
  const { root, workdir, ...rest } = stage;
  return { ...rest, workdir: join(root, workdir) };
}

interface Stage extends Image {
  root: string;
}

function perform(instruction: Instruction, stage: Stage, { stages, tools }: { stages: ReadonlyMap<string, Stage>; tools: string }) {
  const text = instruction.getRawArgumentsContent() ?? '';
  const here = join(stage.root, stage.workdir);
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.workdir = text;
      mkdirSync(join(stage.root, text), { recursive: true });
      break;
    case 'COPY':
      copy(wordsOf(instruction), (instruction as Copy).getFromFlag()?.getValue(), { stage, stages });
      break;
    case 'RUN':
      // Packages of the system are the machine's own here.
      if (text.startsWith('apt-get ')) stage.left.push(`RUN ${text}`);
      else
        execFileSync('sh', ['-ec', text], { cwd: here, env: { ...process.env, PATH: `${tools}:${process.env['PATH']}` }, stdio: 'pipe' });
      break;
    case 'ENV':
      for (const pair of text.split(' ')) stage.env[pair.split('=')[0]!] = pair.slice(pair.indexOf('=') + 1);
      break;
    case 'USER':
      stage.user = text;
      break;
    case 'VOLUME':
      stage.volumes.push(join(stage.root, text));
      break;
    case 'CMD':
      stage.command = JSON.parse(text) as string[];
      break;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(text.slice(text.indexOf('CMD ') + 4)) as string[];
      break;
    case 'EXPOSE':
      break;
    default:
      throw new Error(`Nobody thought of ${instruction.getKeyword()} here.`);
  }
}

/** From this checkout, or from another stage. A folder's contents go into the target, a file into the folder or to the name. */
function copy(words: string[], from: string | null | undefined, { stage, stages }: { stage: Stage; stages: ReadonlyMap<string, Stage> }) {
  const sources = words.filter((word) => !word.startsWith('--'));
  const to = join(stage.root, stage.workdir, sources.pop()!);
  for (const source of sources) {
    const path = from ? join(stages.get(from)!.root, source) : join(ROOT, source);
    const intoFolder = sources.length > 1 || words.at(-1)!.endsWith('/');
    const target = statSync(path).isFile() && intoFolder ? join(to, basename(path)) : to;
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target, { recursive: true, verbatimSymlinks: true });
  }
}

/** There is no user `node` on this machine: it is who has that number, where this runs as root, and else nobody new. */
function writeTools(folder: string) {
  mkdirSync(folder, { recursive: true });
  const chown = join(folder, 'chown');
  writeFileSync(chown, `#!/bin/sh\n${isRoot ? `shift; exec /bin/chown ${NODE_USER}:${NODE_USER} "$@"` : 'exit 0'}\n`);
  chmodSync(chown, 0o755);
}

const wordsOf = (instruction: Instruction) => instruction.getArguments().map((argument) => argument.getValue());
