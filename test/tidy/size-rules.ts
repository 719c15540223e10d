import ts from 'typescript'
import { finding, type Finding, type Rule } from './rule.ts'
import { codeFiles, isCode, nodesOf, isCompressed } from './tree.ts'

const fileLinesMax = 500
const functionLinesMax = 70
const columnsMax = 100

/**
 * What cannot be broken: an address, a pattern, or a text that a reader wants to find in one piece
 * (the title of a test, a message, a rule quoted from a venue).
 */
const unbreakable = /https?:\/\/\S{60}|(['"`/])(?:(?!\1).){40,}\1|oxlint-disable/
/** Bytes. Larger than any file a person writes; captures and recordings are larger still. */
const fileBytesMax = 256 * 1024

const lines = (count: number): string => 'f()\n'.repeat(count)

export const sizeRules: readonly Rule[] = [
  {
    name: `a file has at most ${fileLinesMax} lines`,
    instead: 'find the second idea in the file and give it a file of its own',
    check: (tree) =>
      [...tree]
        .filter(([file]) => isCode(file))
        .map(([file, text]) => ({ file, count: text.split('\n').length - 1 }))
        .filter(({ count }) => count > fileLinesMax)
        .map(({ file, count }) => ({ file, line: count, what: `${count} lines` })),
    bad: [{ 'src/core/a.ts': lines(501) }],
    good: [{ 'src/core/a.ts': lines(500) }],
  },
  {
    name: `a function has at most ${functionLinesMax} lines`,
    instead: 'keep the branches here and move straight-line work out into named functions',
    check: (tree) => codeFiles(tree).flatMap((source) => [...nodesOf(source)].flatMap(tooLong)),
    bad: [
      { 'src/core/a.ts': `export function a(): void {\n${lines(69)}}\n` },
      { 'src/core/a.ts': `class A {\n  go() {\n${lines(69)}}\n}\n` },
      { 'src/core/a.test.ts': `test('a', () => {\n${lines(69)}})\n` },
    ],
    good: [
      { 'src/core/a.ts': `export function a(): void {\n${lines(68)}}\n` },
      { 'src/core/a.test.ts': `describe('a', () => {\n${lines(90)}})\n` },
      { 'src/core/a.test.ts': `describe.each([1])('a', () => {\n${lines(90)}})\n` },
    ],
  },
  {
    name: `a line of code has at most ${columnsMax} columns`,
    instead: 'break the line; an address that cannot be broken may stand alone in a comment',
    check: (tree) =>
      [...tree]
        .filter(([file]) => isCode(file))
        .flatMap(([file, text]) =>
          text.split('\n').flatMap((line, index) => {
            const width = Array.from(line).length
            if (width <= columnsMax || unbreakable.test(line)) return []
            return [{ file, line: index + 1, what: `${width} columns` }]
          }),
        ),
    bad: [{ 'src/core/a.ts': `// ${'a '.repeat(49)}` }],
    good: [{ 'src/core/a.ts': `// ${'a '.repeat(48)}\n// https://x.org/${'a'.repeat(99)}` }],
  },
  {
    name: 'no large file is kept in the repository',
    instead: 'captures and recordings stay outside (CAPTURES_DIR); a fixture is cut to its point',
    check: (tree) =>
      [...tree]
        .filter(([file]) => file !== 'package-lock.json')
        .map(([file, text]) => ({
          file,
          bytes: Buffer.byteLength(text, isCompressed(file) ? 'latin1' : 'utf8'),
        }))
        .filter(({ bytes }) => bytes > fileBytesMax)
        .map(({ file, bytes }) => ({ file, line: 1, what: `${bytes} bytes` })),
    bad: [{ 'test/golden/day.jsonl': 'x'.repeat(fileBytesMax + 1) }],
    good: [{ 'package-lock.json': 'x'.repeat(fileBytesMax + 1) }],
  },
]

function tooLong(node: ts.Node): readonly Finding[] {
  if (!ts.isFunctionLike(node) || isSuite(node)) return []
  const source = node.getSourceFile()
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line
  const last = source.getLineAndCharacterOfPosition(node.end).line
  const count = last - first + 1
  return count > functionLinesMax ? [finding(node, `a function of ${count} lines`)] : []
}

/** The body of a `describe`, which is a list of tests and not a function to follow. */
function isSuite(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.getText())
}
