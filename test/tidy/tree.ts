import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** The files of the project: path from the root, with forward slashes, to text. */
export type Tree = ReadonlyMap<string, string>

/** Every file that git keeps or would keep. */
export function readTree(root: string): Tree {
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '-co', '--exclude-standard']
  const listing = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const tree = new Map<string, string>()
  for (const name of listing.split('\0').sort()) {
    const file = path.join(root, name)
    if (name === '' || !existsSync(file) || !statSync(file).isFile()) continue
    // Compressed bytes are no text: a letter each, so that their number is right.
    tree.set(name, readFileSync(file, isCompressed(name) ? 'latin1' : 'utf8'))
  }
  return tree
}

/** A tree of a few files, to show a rule what it must refuse. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files))
}

export function isCode(file: string): boolean {
  return /\.(ts|tsx|cjs|mjs|js)$/.test(file) && !file.endsWith('.d.ts')
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

export function codeFiles(tree: Tree): readonly ts.SourceFile[] {
  return [...tree.keys()].filter(isCode).map((file) => sourceOf(tree, file))
}

const parsed = new Map<string, ts.SourceFile>()

export function sourceOf(tree: Tree, file: string): ts.SourceFile {
  const text = tree.get(file) ?? ''
  const known = parsed.get(file)
  if (known?.text === text) return known
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  parsed.set(file, source)
  return source
}

/** A node and everything below it, in the order of the text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child)
  })
  return children
}

export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile()
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

export function isCompressed(file: string): boolean {
  return file.endsWith('.zst')
}
