import ts from 'typescript'
import { finding, type Rule } from './rule.ts'
import { codeFiles, isTest, nodesOf, type Tree } from './tree.ts'

/** Rooms that compute and do nothing else. */
const pureRooms = /^src\/(core|arbitrage|ports|strategies|risk|execution|portfolio|engine)\//
/** The only room that meets the machine. */
const app = /^src\/app\//

const timers = ['setTimeout', 'setInterval', 'setImmediate']
const effects = [
  ...timers,
  'queueMicrotask',
  'performance',
  'process',
  'fetch',
  'WebSocket',
  'crypto',
  'console',
]

export const layerRules: readonly Rule[] = [
  {
    name: 'the pure rooms know no clock, chance, network, environment or timer',
    instead: 'take it as an argument, or through a port, or as an event',
    check: (tree) =>
      nodesWhere(tree, (file) => pureRooms.test(file)).flatMap((node) =>
        isGlobal(node, effects) || asksTheMachine(node) ? [finding(node, node.getText())] : [],
      ),
    bad: [
      { 'src/core/a.ts': 'export const a = Date.now()' },
      { 'src/core/a.ts': 'export const a = new Date()' },
      { 'src/risk/a.ts': 'export const a = Math.random()' },
      { 'src/engine/a.ts': 'setTimeout(() => a(), 1)' },
      { 'src/engine/a.ts': 'globalThis.setTimeout(() => a(), 1)' },
      { 'src/engine/a.ts': 'export const a = process.memoryUsage()' },
      { 'src/execution/a.ts': 'export const a = performance.now()' },
      { 'src/strategies/x/a.ts': "export const a = fetch('http://x')" },
    ],
    good: [
      { 'src/engine/a.ts': 'export function process(e: Event): Effect[] {\n  return e.fetch\n}' },
      { 'src/core/a.ts': 'export const a = new Date(instant).toISOString()' },
      { 'src/core/a.test.ts': 'export const a = Date.now()' },
    ],
  },
  {
    name: 'the pure rooms are synchronous',
    instead: 'return an effect, and let the answer come back as an event',
    check: (tree) =>
      nodesWhere(tree, (file) => pureRooms.test(file)).flatMap((node) =>
        node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)
          ? [finding(node, node.getText())]
          : [],
      ),
    bad: [
      { 'src/core/a.ts': 'export async function a() {}' },
      { 'src/engine/a.ts': 'export const a = await b' },
    ],
    good: [{ 'src/ports/a.ts': 'export interface A {\n  go(): Promise<void>\n}' }],
  },
  {
    name: 'only src/app reads the environment, the clock and chance, and starts timers',
    instead: 'take a Clock, Timers or a seeded generator, and a parsed config, from src/app',
    check: (tree) =>
      nodesWhere(tree, (file) => !pureRooms.test(file) && !app.test(file)).flatMap((node) =>
        isGlobal(node, timers) || asksTheMachine(node) ? [finding(node, node.getText())] : [],
      ),
    bad: [
      { 'src/venues/x/a.ts': 'export const a = process.env.KEY' },
      { 'src/server/a.ts': "export const a = process['env']" },
      { 'src/server/a.ts': 'export const a = performance.now()' },
      { 'src/exchange-sim/a.ts': 'export const a = Math.random()' },
      { 'src/venues/x/a.ts': 'setInterval(() => a(), 1)' },
      { 'src/venues/x/a.ts': "import { setTimeout } from 'node:timers/promises'" },
      { 'src/cli/a.ts': 'export const a = process.hrtime.bigint()' },
    ],
    good: [
      { 'src/app/a.ts': 'export const a = process.env.KEY' },
      { 'src/cli/a.ts': 'export const a = process.argv' },
      { 'bench/a.ts': 'export const a = performance.now()' },
      { 'src/venues/x/a.ts': 'this.timers.after(1, run)' },
    ],
  },
]

function nodesWhere(tree: Tree, wanted: (file: string) => boolean): readonly ts.Node[] {
  return codeFiles(tree)
    .filter(({ fileName }) => fileName.startsWith('src/') && !isTest(fileName) && wanted(fileName))
    .flatMap((source) => [...nodesOf(source)])
}

/** A use of one of the global names: not a property, a declaration or a member called the same. */
function isGlobal(node: ts.Node, names: readonly string[]): boolean {
  if (!ts.isIdentifier(node) || !names.includes(node.text)) return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText() === 'globalThis'
  }
  return !('name' in parent && parent.name === node)
}

/** The clock, chance, the environment, and timers by another door. */
function asksTheMachine(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) {
    return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0
  }
  if (ts.isImportDeclaration(node)) {
    return /^(node:)?timers/.test(importedFrom(node))
  }
  if (ts.isElementAccessExpression(node)) return /^process\['env'\]$/.test(node.getText())
  if (!ts.isPropertyAccessExpression(node)) return false
  return /^(Date\.now|Math\.random|performance\.now|process\.(env|hrtime))$/.test(node.getText())
}

function importedFrom(node: ts.ImportDeclaration): string {
  return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : ''
}
