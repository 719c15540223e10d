import path from 'node:path'

import { describe, expect, test } from 'vitest'
import { why } from './why.ts'

const golden = path.resolve(import.meta.dirname, '../../test/golden/calm')

async function textOf(id: string): Promise<string> {
  return (await why(golden, id))?.join('\n') ?? ''
}

describe('why', () => {
  test('tells of a basket: the books then, the proof, what risk said, and what came of it', async () => {
    const text = await textOf('B000001')

    expect(text).toContain('The books then:')
    expect(text).toMatch(/asks [\d.]+ at 0\.\d+/)
    expect(text).toContain('This holds as long as:')
    expect(text).toContain('Risk had no objection')
    expect(text).toContain('Basket B000001 was sent:')
    expect(text).toMatch(/What came of it:[^]*B000001-1: filled/)
  })

  test('tells the same of an order of it, and of a record of it', async () => {
    const text = await textOf('B000001')
    const record = /#(\d+) Basket/.exec(text)?.[1] ?? ''

    expect(await textOf('B000001-1')).toBe(text)
    expect(await textOf(`#${record}`)).toBe(text)
  })

  test('shows a record that decided nothing as what it is', async () => {
    expect(await textOf('#2')).toContain('"kind":"start"')
  })

  test('knows nothing of what is not in the journal', async () => {
    expect(await why(golden, 'B999999')).toBeUndefined()
  })
})
