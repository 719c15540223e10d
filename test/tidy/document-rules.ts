import path from 'node:path'
import { z } from 'zod'
import type { Finding, Rule } from './rule.ts'
import { isCode, type Tree } from './tree.ts'

const decision = /^docs\/decisions\/(\d{4})-([a-z0-9-]+)\.md$/
/** Teaches with files of an imagined project, and tells of files that are gone. */
const speaksOfOtherFiles = /^(STYLE|CHANGELOG)\.md$/

export const documentRules: readonly Rule[] = [
  {
    name: 'a document has one title, on its first line',
    instead: 'start with "# Title" and use "##" below it',
    check: (tree) =>
      documents(tree).flatMap(({ file, lines }) => {
        const titles = lines.filter(({ text }) => text.startsWith('# '))
        if (titles.length === 1 && titles[0]?.line === 1) return []
        return [{ file, line: titles[1]?.line ?? 1, what: `${titles.length} titles` }]
      }),
    bad: [
      { 'docs/a.md': 'text' },
      { 'docs/a.md': '# One\n\n# Two' },
      { 'docs/a.md': 'text\n# One' },
    ],
    good: [{ 'docs/a.md': '# One\n\n```sh\n# a comment\n```\n' }],
  },
  {
    name: 'a decision’s title is the sentence decided, and its file is called so',
    instead:
      'docs/decisions/NNNN-the-sentence.md, counted from 0001, with "# The sentence." on top',
    check: (tree) => [...tree].flatMap(([file, text]) => decisionFaults(file, text, tree)),
    bad: [
      { 'docs/decisions/0001-integers.md': '# Integers' },
      { 'docs/decisions/0001-money-is-counted.md': '# Money is counted in integers.' },
      { 'docs/decisions/0002-money-is-an-integer.md': '# Money is an integer.' },
      { 'docs/decisions/money.md': '# Money is an integer.' },
    ],
    good: [{ 'docs/decisions/0001-money-is-an-integer.md': '# Money is an integer.' }],
  },
  {
    name: 'what a document points to exists',
    instead: 'correct the path, or describe only what is there',
    check: (tree) => documents(tree).flatMap((document) => brokenReferences(document, tree)),
    bad: [
      { 'docs/a.md': '# A\n[b](b.md)' },
      { 'README.md': '# A\n`src/core/gone.ts`' },
      { 'README.md': '# A\n`src/core/a.ts`, `gone`', 'src/core/a.ts': 'export const here = 1' },
      { 'README.md': '# A\n`npm run nothing`', 'package.json': '{"scripts":{}}' },
      { 'README.md': '# A\n```sh\nnpm run nothing\n```', 'package.json': '{"scripts":{}}' },
    ],
    good: [
      {
        'README.md': '# A\n[b](docs/b.md#part) [c](https://x.org) `src/core/`\n`npm run bench`',
        'docs/b.md': '# B\n`src/core/a.ts`, `here` and [a](../README.md)',
        'src/core/a.ts': 'export const here = 1',
        'package.json': '{"scripts":{"bench":"node bench/main.ts"}}',
      },
    ],
  },
  {
    name: 'a cited section of a venue’s document exists',
    instead: 'cite a numbered heading, as in "docs/venues/kalshi.md, 5.4"',
    check: (tree) => [...tree].flatMap(([file, text]) => deadCitations(file, text, tree)),
    bad: [
      { 'src/core/a.ts': '// docs/venues/kalshi.md, 9.9.', 'docs/venues/kalshi.md': '# K\n## 1 A' },
      { 'src/core/a.ts': '// docs/venues/gone.md, 1' },
    ],
    good: [
      {
        'src/core/a.ts': '// docs/venues/kalshi.md, 1.2.',
        'docs/venues/kalshi.md': '# K\n## 1. A\n### 1.2 B',
      },
    ],
  },
]

type Line = { readonly line: number; readonly text: string }
type Document = { readonly file: string; readonly lines: readonly Line[]; readonly whole: string }

/** The Markdown files, with the lines that are prose: what stands between fences is left out. */
function documents(tree: Tree): readonly Document[] {
  return [...tree]
    .filter(([file]) => file.endsWith('.md'))
    .map(([file, whole]) => {
      const lines = whole.split('\n').map((text, index) => ({ line: index + 1, text }))
      const isFence = ({ text }: Line): boolean => /^\s*(```|~~~)/.test(text)
      const fencesBefore = (end: number): number => lines.slice(0, end).filter(isFence).length
      return { file, whole, lines: lines.filter((each) => fencesBefore(each.line) % 2 === 0) }
    })
}

function decisionFaults(file: string, text: string, tree: Tree): readonly Finding[] {
  if (!file.startsWith('docs/decisions/') || !file.endsWith('.md')) return []
  const fault = (what: string): readonly Finding[] => [{ file, line: 1, what }]

  const [, number, slug] = decision.exec(file) ?? []
  if (number === undefined) return fault('not called NNNN-the-sentence.md')
  const title = /^# (.*)$/m.exec(text)?.[1] ?? ''
  if (!/^[A-Z].*\.$/.test(title) || title.split(' ').length < 4) {
    return fault(`"${title}" is not a sentence`)
  }
  const wanted = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if (slug !== wanted) return fault(`the title would be called ${number}-${wanted}.md`)

  const decisions = [...tree.keys()].filter((each) => decision.test(each)).sort()
  const place = decisions.indexOf(file) + 1
  return Number(number) === place ? [] : fault(`this is decision ${place}, counted from 0001`)
}

function brokenReferences({ file, lines, whole }: Document, tree: Tree): readonly Finding[] {
  if (speaksOfOtherFiles.test(file)) return []
  const scripts = scriptsOf(tree)
  const broken = lines.flatMap(({ line, text }) =>
    [...linksOf(text, file), ...pathsOf(text)]
      .filter((target) => !exists(target, tree))
      .map((target) => ({ file, line, what: `${target} does not exist` })),
  )
  const names = lines.flatMap(({ line, text }) =>
    [...text.matchAll(/`(src\/[\w./-]+\.ts)`, `(\w+)`/g)]
      .filter(
        ([, source = '', name = '']) => !new RegExp(`\\b${name}\\b`).test(tree.get(source) ?? ''),
      )
      .map(([, source, name]) => ({ file, line, what: `${source} has no ${name}` })),
  )
  const commands = [...whole.matchAll(/\bnpm run ([\w:-]+)/g)]
    .filter(([, script = '']) => scripts !== undefined && !scripts.includes(script))
    .map(([command]) => ({ file, line: 1, what: `"${command}" is no script of package.json` }))
  return [...broken, ...names, ...commands]
}

/** The relative targets of Markdown links, from the root of the tree. */
function linksOf(text: string, file: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => path.posix.join(path.posix.dirname(file), target))
}

/** Paths of the project in code spans; `src/venues/<venue>/` is a pattern and not a path. */
function pathsOf(text: string): readonly string[] {
  return [...text.matchAll(/`((?:src|test|bench|scripts|examples|ops|web|docs)\/[\w./-]*)`/g)].map(
    ([, target = '']) => target,
  )
}

function exists(target: string, tree: Tree): boolean {
  const folder = target.endsWith('/') ? target : `${target}/`
  return tree.has(target) || [...tree.keys()].some((file) => file.startsWith(folder))
}

function scriptsOf(tree: Tree): readonly string[] | undefined {
  const manifest = tree.get('package.json')
  if (manifest === undefined) return undefined
  const Manifest = z.object({ scripts: z.record(z.string(), z.string()) })
  return Object.keys(Manifest.parse(JSON.parse(manifest)).scripts)
}

function deadCitations(file: string, text: string, tree: Tree): readonly Finding[] {
  if (!isCode(file) && !file.endsWith('.md')) return []
  if (speaksOfOtherFiles.test(file) || file.startsWith('test/tidy/')) return []
  return text.split('\n').flatMap((content, index) =>
    [...content.matchAll(/(docs\/venues\/[a-z-]+\.md), (?:section )?(\d+(?:\.\d+)*)/g)]
      .filter(([, document = '', section = '']) => {
        const heading = new RegExp(`^#{2,6} ${section.replaceAll('.', '\\.')}(\\.|:)?\\s`, 'm')
        return !heading.test(tree.get(document) ?? '')
      })
      .map(([citation]) => ({ file, line: index + 1, what: `${citation} is not there` })),
  )
}
