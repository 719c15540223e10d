import ts from 'typescript'
import { finding, type Finding, type Rule } from './rule.ts'
import { codeFiles, nodesOf } from './tree.ts'

export const boundaryRules: readonly Rule[] = [
  {
    name: 'parsed JSON is decoded, never cast',
    instead: 'give it to a zod schema; what does not fit is refused, counted and kept',
    check: (tree) => codeFiles(tree).flatMap((source) => [...nodesOf(source)].flatMap(castOfJson)),
    bad: [
      { 'src/core/a.ts': 'export const a = JSON.parse(text) as Market' },
      { 'src/core/a.ts': 'export const a = JSON.parse(text) as unknown as Market' },
      { 'src/core/a.ts': 'export const a: Market = JSON.parse(text)' },
      { 'src/core/a.ts': 'export const a = (await response.json()) as Market[]' },
      { 'src/core/a.ts': 'export const a = <Market>JSON.parse(text)' },
    ],
    good: [
      { 'src/core/a.ts': 'export const a = Market.parse(JSON.parse(text))' },
      { 'src/core/a.ts': 'export const a: unknown = JSON.parse(text)' },
      { 'src/core/a.ts': 'export const a = JSON.parse(text) as unknown' },
    ],
  },
  {
    name: 'no error is swallowed',
    instead: 'turn it into a value or an event with its reason, or let it stop us',
    check: (tree) => codeFiles(tree).flatMap((source) => [...nodesOf(source)].flatMap(swallowed)),
    bad: [
      { 'src/core/a.ts': 'try { a() } catch {}' },
      { 'src/core/a.ts': 'try { a() } catch (e) { /* never mind */ }' },
      { 'src/core/a.ts': 'a().catch(() => {})' },
      { 'src/core/a.ts': 'a().catch(() => [])' },
      { 'src/core/a.ts': 'a().catch(() => undefined)' },
    ],
    good: [
      { 'src/core/a.ts': "try { a() } catch { return refuse('no-a') }" },
      { 'src/core/a.ts': 'a().catch((error) => report(error))' },
    ],
  },
]

function castOfJson(node: ts.Node): readonly Finding[] {
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
    return !isUnknown(node.type) && isParsedJson(node.expression)
      ? [finding(node, `parsed JSON is cast to ${node.type.getText()}`)]
      : []
  }
  if (!ts.isVariableDeclaration(node) || node.type === undefined || isUnknown(node.type)) return []
  return node.initializer !== undefined && isParsedJson(node.initializer)
    ? [finding(node, `parsed JSON is declared to be ${node.type.getText()}`)]
    : []
}

function isUnknown(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.UnknownKeyword
}

function isParsedJson(node: ts.Expression): boolean {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    return isParsedJson(node.expression)
  }
  if (!ts.isCallExpression(node)) return false
  const callee = node.expression.getText()
  return callee === 'JSON.parse' || callee.endsWith('.json')
}

function swallowed(node: ts.Node): readonly Finding[] {
  if (ts.isCatchClause(node)) {
    return node.block.statements.length === 0 ? [finding(node, 'an empty catch')] : []
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return []
  const handler = node.arguments[0]
  if (node.expression.name.text !== 'catch' || handler === undefined) return []
  return isMute(handler) ? [finding(node, 'a catch that hides the error')] : []
}

/** A function that looks at nothing and answers with nothing. */
function isMute(handler: ts.Expression): boolean {
  if (ts.isFunctionExpression(handler)) return handler.body.statements.length === 0
  if (!ts.isArrowFunction(handler)) return false
  if (ts.isBlock(handler.body)) return handler.body.statements.length === 0
  return /^(undefined|null|void 0|false|0|''|""|\[\]|\(\{\}\))$/.test(handler.body.getText())
}
