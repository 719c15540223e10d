import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import type { ConfigProblem } from './config-problem.ts'
import { doorTypes } from './strategy-doors.ts'

export type TypeCheck =
  | { readonly kind: 'checked'; readonly problems: readonly ConfigProblem[] }
  /** There is no compiler where the file lies, nor where the program does. */
  | { readonly kind: 'no-compiler' }

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Checks the types of a strategy with the TypeScript that is at hand: its own, or the program's. */
export async function checkTypes(file: string): Promise<TypeCheck> {
  const compiler = compilerFor(file)
  if (compiler === undefined) return { kind: 'no-compiler' }
  const folder = mkdtempSync(path.join(tmpdir(), 'strategy-types-'))
  try {
    const project = path.join(folder, 'tsconfig.json')
    writeFileSync(project, JSON.stringify(projectFor(file)))
    const output = await run([compiler, '-p', project, '--pretty', 'false'], path.dirname(file))
    return { kind: 'checked', problems: readOutput(output, path.dirname(file)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As strict as the program itself, with its doors found where they are. */
function projectFor(file: string): object {
  return {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      // Node takes a file with imports for a module, whatever package.json it lies under.
      module: 'esnext',
      moduleResolution: 'bundler',
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
      paths: {
        'prediction-engine/strategy': [doorTypes('strategy')],
        'prediction-engine/testing': [doorTypes('testing')],
      },
    },
    files: [file],
  }
}

function compilerFor(file: string): string | undefined {
  const places = ['typescript7', 'typescript'].map((name) => path.join(name, 'bin', 'tsc'))
  for (const start of [path.dirname(file), root]) {
    for (let folder = start; ; folder = path.dirname(folder)) {
      const found = places
        .map((place) => path.join(folder, 'node_modules', place))
        .find((place) => existsSync(place))
      if (found !== undefined) return found
      if (folder === path.dirname(folder)) break
    }
  }
  return undefined
}

function run(args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  child.stdout.on('data', (text: Buffer) => output.push(text.toString('utf8')))
  child.stderr.on('data', (text: Buffer) => output.push(text.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(output.join('')))
  })
}

/** `my.ts(12,5): error TS2322: Type …`, of the files of the strategy. */
function readOutput(output: string, folder: string): readonly ConfigProblem[] {
  return output.split('\n').flatMap((line) => {
    const [, name, row, what] = /^(\S.*)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? []
    if (name === undefined || what === undefined) return []
    const where = path.resolve(folder, name)
    return where.startsWith(folder + path.sep)
      ? [{ where: `${where}:${row}`, key: '', what: what.replace(/\.$/, ''), remedy: '' }]
      : []
  })
}
