import path from 'node:path'
import ts from 'typescript'
import { finding, type Finding, type Rule } from './rule.ts'
import { codeFiles, isCode, isTest, nodesOf, type Tree } from './tree.ts'

const emptyNames = /^(utils?|helpers?|common|misc|shared|types?|constants?|lib|base|stuff)$/
const emptyRoles = /(Manager|Service|Helper|Handler|Processor|Utils?)$/
const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/

/** A venue has one, and the package has one for strategies and one for their tests. */
const door = /^src\/(venues\/[^/]+\/index|strategy-kit\/(strategy|testing))\.ts$/

/** Folders whose files are found by a person or a tool, not by an import. */
const entryFolders = /^(examples|bin|ops|\.ci)\//

export const moduleRules: readonly Rule[] = [
  {
    name: 'exports are named',
    instead: 'export the thing under its own name; only a tool’s configuration has a default',
    check: (tree) =>
      codeFiles(tree)
        .filter((source) => !source.fileName.endsWith('.config.ts'))
        .flatMap((source) => [...nodesOf(source)].filter(isDefaultExport))
        .map((node) => finding(node, 'a default export')),
    bad: [
      { 'src/core/a.ts': 'export default 1' },
      { 'src/core/a.ts': 'export default function a() {}' },
      { 'src/core/a.ts': 'const a = 1\nexport { a as default }' },
    ],
    good: [{ 'src/core/a.ts': 'export const a = 1', 'x.config.ts': 'export default 1' }],
  },
  {
    name: 'no file passes on what others export, but a door',
    instead: 'import from the file that defines it',
    check: (tree) =>
      codeFiles(tree)
        .filter((source) => !door.test(source.fileName))
        .flatMap((source) => [
          ...source.statements.filter(isReexport).map((node) => finding(node, 'a re-export')),
          ...(/\/index\.[a-z]+$/.test(source.fileName) ? [finding(source, 'an index file')] : []),
        ]),
    bad: [
      { 'src/core/a.ts': "export * from './b.ts'" },
      { 'src/core/a.ts': "export { b } from './b.ts'" },
      { 'src/core/index.ts': 'export const a = 1' },
    ],
    good: [
      { 'src/venues/kalshi/index.ts': "export { b } from './b.ts'" },
      { 'src/strategy-kit/strategy.ts': "export { b } from './b.ts'" },
    ],
  },
  {
    name: 'no module keeps state',
    instead: 'put it in an object that somebody makes and hands on',
    check: (tree) =>
      codeFiles(tree)
        .filter(({ fileName }) => /\.tsx?$/.test(fileName) && !isTest(fileName))
        .flatMap((source) => source.statements.filter(isMutable))
        .map((node) => finding(node, 'a variable of the module')),
    bad: [{ 'src/core/a.ts': 'let a = 1' }, { 'src/core/a.ts': 'export let a = 1' }],
    good: [{ 'src/core/a.ts': 'const a = 1\nexport function b() {\n  let c = a\n  return c++\n}' }],
  },
  {
    name: 'a file’s name says what is in it',
    instead: 'name it in kebab-case after the type or the verb it exports',
    check: (tree) => [...tree.keys()].flatMap(badlyNamed),
    bad: [
      { 'src/core/utils.ts': '' },
      { 'src/server/helpers/a.ts': '' },
      { 'src/core/types.test.ts': '' },
      { 'src/core/orderBook.ts': '' },
    ],
    good: [
      { 'src/core/order-book.test.ts': '', 'web/main.tsx': '', '.dependency-cruiser.cjs': '' },
    ],
  },
  {
    name: 'a name says a role and not “manager”',
    instead: 'use a role of STYLE.md (Feed, Gateway, Ledger, Replica) or the noun alone',
    check: (tree) => codeFiles(tree).flatMap((source) => [...nodesOf(source)].flatMap(badRole)),
    bad: [
      { 'src/core/a.ts': 'export class OrderManager {}' },
      { 'src/core/a.ts': 'export type FillHandler = () => void' },
    ],
    good: [{ 'src/core/a.ts': 'export class OrderBook {}' }],
  },
  {
    name: 'every file is imported, or is an entry point',
    instead: 'delete it, import it, or name it in a script of package.json',
    check: orphans,
    bad: [
      { 'src/core/a.ts': '' },
      { 'src/core/a.ts': '', 'src/core/a.test.ts': "import './a.ts'" },
      { 'scripts/once.ts': '', 'package.json': '{"scripts":{"x":"node scripts/other.ts"}}' },
    ],
    good: [
      {
        'src/cli/main.ts': "import './a.ts'\nawait import('./b.ts')",
        'src/cli/a.ts': '',
        'src/cli/b.ts': '',
      },
      { 'src/cli/main.ts': "new URL('./c.js', import.meta.url)", 'src/cli/c.ts': '' },
      { 'bench/main.ts': '', 'package.json': '{"scripts":{"bench":"node bench/main.ts"}}' },
      { 'web/index.html': '<script src="/src/main.tsx">', 'web/src/main.tsx': '' },
      { 'test/a.ts': '', 'test/a.test.ts': "import './a.ts'", 'examples/mine.ts': '' },
    ],
  },
]

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  return ts.canHaveModifiers(node) && modifiersOf(node).includes(ts.SyntaxKind.DefaultKeyword)
}

function modifiersOf(node: ts.HasModifiers): readonly ts.SyntaxKind[] {
  return (ts.getModifiers(node) ?? []).map((modifier) => modifier.kind)
}

function isReexport(node: ts.Statement): boolean {
  return ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined
}

function isMutable(node: ts.Statement): boolean {
  return ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.Const) === 0
}

function badlyNamed(file: string): readonly Finding[] {
  if (!isCode(file)) return []
  const parts = file.split('/').map((part) => part.replace(/^\./, ''))
  const stem = (parts.pop() ?? '').replace(/\..*$/, '')
  const empty = [...parts, stem].filter((part) => emptyNames.test(part))
  if (empty.length > 0) return [{ file, line: 1, what: `"${empty.join('", "')}" says nothing` }]
  return kebab.test(path.basename(file)) ? [] : [{ file, line: 1, what: 'not in kebab-case' }]
}

function badRole(node: ts.Node): readonly Finding[] {
  const isNamed =
    ts.isClassDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node)
  const name = isNamed ? (node.name?.text ?? '') : ''
  return emptyRoles.test(name) ? [finding(node, name)] : []
}

/**
 * Rooms that are built and tested, and that nothing leads to yet, each with what will. Whoever
 * opens the door takes the line away.
 */
const awaited: Readonly<Record<string, string>> = {
  'src/execution/advance-basket.ts': 'baskets of live orders',
}

function orphans(tree: Tree): readonly Finding[] {
  const importedBySource = new Set<string>()
  const importedByTests = new Set<string>()
  for (const source of codeFiles(tree)) {
    const imported = isTest(source.fileName) ? importedByTests : importedBySource
    for (const target of targetsOf(source, tree)) imported.add(target)
  }
  const scripts = `${tree.get('package.json') ?? ''}\n${tree.get('.ci/run') ?? ''}`

  return [...tree.keys()]
    .filter((file) => isCode(file) && !isTest(file) && !entryFolders.test(file))
    .filter(
      (file) => file !== 'src/cli/main.ts' && file.includes('/') && !file.endsWith('.config.ts'),
    )
    .filter((file) => !importedBySource.has(file) && !scripts.includes(file))
    .filter((file) => !(importedByTests.has(file) && mayServeTests(file)))
    .filter((file) => !isOnThePage(file, tree) && !(file in awaited))
    .map((file) => ({ file, line: 1, what: 'nobody imports this file' }))
}

/** Product code that only its own test imports is dead; a fixture or a test's own part is not. */
function mayServeTests(file: string): boolean {
  return !file.startsWith('src/') || file.includes('/fixtures/')
}

/** The dashboard's page names its scripts by their path within `web/`. */
function isOnThePage(file: string, tree: Tree): boolean {
  if (!file.startsWith('web/')) return false
  return (tree.get('web/index.html') ?? '').includes(file.slice('web/'.length))
}

/** The files of the tree that a file names by a relative path: imports, workers, anything. */
function targetsOf(source: ts.SourceFile, tree: Tree): readonly string[] {
  return [...nodesOf(source)]
    .filter((node) => ts.isStringLiteralLike(node))
    .filter((node) => /^\.\.?\//.test(node.text))
    .map((node) => path.posix.join(path.posix.dirname(source.fileName), node.text))
    .flatMap((target) => [target, target.replace(/\.js$/, '.ts')])
    .filter((target) => tree.has(target))
}
