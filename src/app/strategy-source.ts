import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { withoutComments, withoutTexts } from './blank-text.ts'
import type { ConfigProblem } from './config-problem.ts'
import { doorFile } from './strategy-doors.ts'

/** The text of a strategy: its file, and the files it imports from beside it. */
export type StrategySource = {
  readonly file: string
  /** The file itself first. */
  readonly parts: readonly SourcePart[]
  /** A hash of all parts: the same text, the same decisions. */
  readonly version: string
}

/** `name` is the path from the folder of the strategy, with forward slashes. */
export type SourcePart = { readonly name: string; readonly file: string; readonly text: string }

/** A strategy with more files than this is a program. */
const partsMax = 50
/** Names of which the first is what a strategy is written with. */
const doors: readonly string[] = ['prediction-engine/strategy']

/**
 * Reads a strategy, or says what is wrong with its text: before anything of it is run.
 *
 * A strategy asks nobody the time, draws no chance and does no I/O, or a replay would differ. That
 * is looked for here as far as words can tell.
 */
export function readStrategySource(file: string): StrategySource | readonly ConfigProblem[] {
  const problem = (what: string, remedy: string): readonly ConfigProblem[] => [
    { where: file, key: '', what, remedy },
  ]
  if (!existsSync(file)) return problem('there is no such file', 'check the path')
  if (!/\.m?[jt]s$/.test(file)) {
    return problem('is no TypeScript file', 'expected a name that ends in .ts')
  }

  const parts: SourcePart[] = []
  const problems: ConfigProblem[] = []
  const waiting = [file]
  while (waiting.length > 0) {
    const next = waiting.shift() ?? ''
    if (parts.some((part) => part.file === next)) continue
    if (parts.length >= partsMax) return problem(`imports more than ${partsMax} files`, '')
    const name = path.relative(path.dirname(file), next).split(path.sep).join('/')
    if (name.startsWith('..') || !existsSync(next)) {
      return problem(`imports ${name}`, 'expected a file that is there, beside it or below it')
    }
    const text = readFileSync(next, 'utf8')
    parts.push({ name, file: next, text })
    const { imports, faults } = scan(text)
    problems.push(...faults.map((fault) => ({ where: `${next}:${fault.line}`, key: '', ...fault })))
    waiting.push(
      ...imports
        .map((target) => path.resolve(path.dirname(next), target))
        // Reached by a path where no package of our name is installed.
        .filter((target) => target !== doorFile('strategy')),
    )
  }
  return problems.length > 0 ? problems : { file, parts, version: versionOf(parts) }
}

function versionOf(parts: readonly SourcePart[]): string {
  const hash = createHash('sha256')
  for (const { name, text } of parts.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\n${text.length}\n${text}`)
  }
  return hash.digest('hex')
}

type Fault = { readonly line: number; readonly what: string; readonly remedy: string }

const noClock = 'take the time from context.nowMs or context.now'
const noWorld = 'a strategy sees books and nothing else, or a replay would differ'

const impure: readonly { readonly words: RegExp; readonly remedy: string }[] = [
  { words: /\bDate\.now\b|\bnew Date\(\)|\bperformance\b/g, remedy: noClock },
  { words: /\bMath\.random\b/g, remedy: 'draw from a generator with a seed of your own' },
  { words: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, remedy: noClock },
  { words: /\b(fetch|WebSocket|process|globalThis|require|eval|Function)\b/g, remedy: noWorld },
  { words: /\b(async|await)\b/g, remedy: 'evaluate answers at once' },
]

function scan(text: string): { imports: readonly string[]; faults: readonly Fault[] } {
  const code = withoutComments(text)
  const imports: string[] = []
  const faults: Fault[] = []
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length
  for (const found of code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]+)\1/g)) {
    const target = found[2] ?? ''
    if (target.startsWith('.')) imports.push(target)
    else if (!doors.includes(target)) {
      const what = `imports ${target}`
      const remedy = `expected ${doors.join(' or ')}, or a file beside it`
      faults.push({ line: lineAt(found.index), what, remedy })
    }
  }
  const bare = withoutTexts(code)
  for (const { words, remedy } of impure) {
    for (const found of bare.matchAll(words)) {
      if (/[.\w]/.test(bare[found.index - 1] ?? '')) continue
      faults.push({ line: lineAt(found.index), what: `uses ${found[0]}`, remedy })
    }
  }
  return { imports, faults: faults.toSorted((a, b) => a.line - b.line) }
}
