import ts from 'typescript'
import { finding, type Finding, type Rule } from './rule.ts'
import { isCode, isTest, nodesOf, sourceOf, type Tree } from './tree.ts'

/** Where a price may meet a size, and a rate a price. */
const homes = ['src/core/units.ts', 'src/core/fee.ts']
/** Where a unit leaves us as text or as a JSON number, and nothing is computed with it any more. */
const exits = [
  'src/cli/format-number.ts',
  'src/exchange-sim/polymarket/fee-schedule-wire.ts',
  'src/venues/polymarket/book-proof.ts',
]
/** A product or a quotient of these needs a decision about rounding, whatever the other side. */
const rounded = ['MicroShares', 'MicroUsd', 'Ppm']
/** A price times a plain number is exact: it serves grids and tables. Times a unit it is not. */
const units = [...rounded, 'Ticks']
const operators = new Set([
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.AsteriskEqualsToken,
  ts.SyntaxKind.SlashEqualsToken,
])

const brands = `declare const unit: unique symbol
type Unit<Base, Name extends string> = Base & { readonly [unit]: Name }
type Ticks = Unit<number, 'Ticks'>
type MicroShares = Unit<number, 'MicroShares'>
`

export const unitRules: readonly Rule[] = [
  {
    name: `sizes, money and rates are multiplied and divided only in ${homes.join(' and ')}`,
    instead: 'call cost or proceeds, or give core/units.ts a named function with its rounding',
    check: unitArithmetic,
    bad: [
      { 'src/risk/a.ts': `${brands}export const a = (p: Ticks, s: MicroShares) => p * s` },
      { 'src/risk/a.ts': `${brands}export const a = (s: MicroShares) => s / 2` },
      { 'src/risk/a.ts': `${brands}export const a = (p: Ticks, q: Ticks) => p * q` },
      { 'src/risk/a.ts': `${brands}export const a = (s: { x?: MicroShares }) => 2 * (s.x ?? 0)` },
    ],
    good: [
      { 'src/core/units.ts': `${brands}export const a = (p: Ticks, s: MicroShares) => p * s` },
      { 'src/risk/a.ts': `${brands}export const a = (p: Ticks, n: number) => p / n + n * 2` },
      { 'src/risk/a.ts': `${brands}export const a = (s: MicroShares, t: MicroShares) => s - t` },
    ],
  },
]

function unitArithmetic(tree: Tree): readonly Finding[] {
  const files = [...tree.keys()].filter(
    (file) =>
      isCode(file) &&
      file.startsWith('src/') &&
      !isTest(file) &&
      ![...homes, ...exits].includes(file),
  )
  const suspects = files.flatMap((file) => [...nodesOf(sourceOf(tree, file))].filter(isProduct))
  if (suspects.length === 0) return []

  const checker = programOf(tree).getTypeChecker()
  return suspects.filter(isRounded).map((node) => finding(node, node.getText()))

  function isRounded({ left, right }: ts.BinaryExpression): boolean {
    const sides = [brandOf(left, checker), brandOf(right, checker)].filter((b) => b !== undefined)
    return sides.length === 2 || sides.some((brand) => rounded.includes(brand))
  }
}

function isProduct(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && operators.has(node.operatorToken.kind)
}

/** The product's code as one program, without packages: the brands are all our own. */
function programOf(tree: Tree): ts.Program {
  const roots = [...tree.keys()].filter((file) => isCode(file) && file.startsWith('src/'))
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  }
  const disk = ts.createCompilerHost(options)
  const fromDisk = disk.getSourceFile.bind(disk)
  return ts.createProgram(roots, options, {
    ...disk,
    getCurrentDirectory: () => '',
    fileExists: (file) => tree.has(file),
    readFile: (file) => tree.get(file),
    directoryExists: () => true,
    getSourceFile: (file, language) =>
      tree.has(file) ? sourceOf(tree, file) : fromDisk(file, language),
  })
}

function brandOf(node: ts.Expression, checker: ts.TypeChecker): string | undefined {
  return partsOf(checker.getTypeAtLocation(node))
    .flatMap((part) => part.getProperties())
    .map((property) => checker.getTypeOfSymbol(property))
    .filter((type) => type.isStringLiteral())
    .map((type) => type.value)
    .find((value) => units.includes(value))
}

/** The object types within a union or an intersection, where a brand would stand. */
function partsOf(type: ts.Type): readonly ts.Type[] {
  if (type.isUnionOrIntersection()) return type.types.flatMap(partsOf)
  return (type.flags & ts.TypeFlags.Object) === 0 ? [] : [type]
}
