import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Instruction, Stage } from './dockerfile.ts'

export type BuiltStage = {
  /** The folder that stands for `/`. */
  readonly root: string
  readonly environment: Record<string, string>
  workdir: string
}

/** Folders that belong to the image alone; every other full path is the machine's own. */
const ownFolders = ['/app', '/data']

/**
 * Carries out the steps of a Dockerfile in folders, for a machine without a container engine.
 *
 * Each stage is a folder that stands for `/`; `/app` and `/data` in commands mean the ones in it.
 * It shows that the steps follow from each other and give what runs. What the base image holds
 * besides Node it does not show. Throws at the first step that fails.
 */
export function buildImage(
  stages: readonly Stage[],
  { context, scratch }: { readonly context: string; readonly scratch: string },
): BuiltStage {
  const built = new Map<string, BuiltStage>()
  for (const stage of stages) {
    const root = path.join(scratch, stage.name)
    const at: BuiltStage = { root, environment: {}, workdir: '/' }
    built.set(stage.name, at)
    mkdirSync(root, { recursive: true })
    for (const step of stage.steps) carryOut(step, at, { context, built })
  }
  const last = built.get(stages.at(-1)?.name ?? '')
  if (last === undefined) throw new Error('a Dockerfile has a stage')
  return last
}

type Sources = { readonly context: string; readonly built: ReadonlyMap<string, BuiltStage> }

function carryOut({ name, text, line }: Instruction, at: BuiltStage, sources: Sources): void {
  switch (name) {
    case 'WORKDIR':
      at.workdir = path.posix.resolve(at.workdir, text)
      mkdirSync(path.join(at.root, at.workdir), { recursive: true })
      return
    case 'ENV': {
      const [key = '', ...value] = text.split('=')
      at.environment[key] = value.join('=')
      return
    }
    case 'COPY':
      copy(text, at, sources)
      return
    case 'RUN':
      run(text, line, at)
      return
    case 'USER':
    case 'VOLUME':
    case 'EXPOSE':
    case 'STOPSIGNAL':
    case 'HEALTHCHECK':
    case 'ENTRYPOINT':
    case 'CMD':
      return
    default:
      throw new Error(`line ${line}: ${name} cannot be carried out here`)
  }
}

function copy(text: string, at: BuiltStage, { context, built }: Sources): void {
  const words = text.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  const files = words.filter((word) => !word.startsWith('--'))
  const target = files.pop() ?? ''
  const root = from === undefined ? context : (built.get(from)?.root ?? '')
  for (const file of files) {
    const source = path.join(root, file)
    if (!existsSync(source)) throw new Error(`COPY ${text}: there is no ${file}`)
    const to = path.join(at.root, path.posix.resolve(at.workdir, target))
    const isFolder = statSync(source).isDirectory()
    const kept = from === undefined && isFolder ? keptFiles(context, file) : undefined
    if (kept === undefined) {
      const into = isFolder || !target.endsWith('/') ? to : path.join(to, path.basename(file))
      cpSync(source, into, { recursive: true, verbatimSymlinks: true })
    } else {
      for (const each of kept) {
        cpSync(path.join(source, each), path.join(to, each), { recursive: true })
      }
    }
  }
}

/** What git keeps of a folder and .dockerignore does not leave out. */
function keptFiles(context: string, folder: string): readonly string[] {
  const ignored = readFileSync(path.join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '-co', '--exclude-standard']
  const cwd = path.join(context, folder)
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(cwd, file)))
    .filter((file) => {
      const full = path.posix.join(folder, file)
      return !ignored.some((line) => full === line || full.startsWith(`${line}/`))
    })
}

function run(command: string, line: number, at: BuiltStage): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', within(command, at)], {
    cwd: path.join(at.root, at.workdir),
    env: { ...process.env, ...at.environment },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status === 0) return
  throw new Error(`line ${line}: RUN ${command} ended with ${status}\n${stdout}${stderr}`)
}

/** A command line of the image, as it reads where the image is a folder. */
export function within(text: string, { root }: BuiltStage): string {
  return ownFolders.reduce(
    (line, folder) => line.replaceAll(new RegExp(`(?<![\\w./])${folder}\\b`, 'g'), root + folder),
    text,
  )
}
