import { readFileSync } from 'node:fs'
import path from 'node:path'

import { describe, expect, test } from 'vitest'

import { tableNames, tables } from './table.ts'

const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/recordings.md'), 'utf8')

describe('docs/recordings.md', () => {
  test.each(tableNames)('describes every column of %s as the code does', (name) => {
    const [, section = ''] = document.split(`### ${name}\n`)
    const [table = ''] = section.split('\n#')

    const rows = table.split('\n').filter((line) => line.startsWith('| `'))

    expect(rows.map((row) => row.split('|')[1]?.trim())).toEqual(
      tables[name].map((column) => `\`${column.name}\``),
    )
    for (const [index, { means }] of tables[name].entries()) expect(rows[index]).toContain(means)
  })
})
