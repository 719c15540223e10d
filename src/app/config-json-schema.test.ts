import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { configJsonSchema, settings } from './config-json-schema.ts'
import { loadConfig, variableOf } from './load-config.ts'

const published = new URL('../../config.schema.json', import.meta.url)

describe('configJsonSchema', () => {
  test('is what is published; "npm run schema" writes it', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(configJsonSchema())
  })

  test('every setting says what it means', () => {
    const mute = [...settings()].filter(({ node }) => node.description === undefined)

    expect(mute).toEqual([])
  })

  test('every setting has a variable of the environment of its own', () => {
    const names = [...settings()].map(({ path }) => variableOf(path))

    expect(new Set(names).size).toBe(names.length)
  })

  test('a file that spells out every default changes nothing', () => {
    const plain = { file: undefined, folder: '/nowhere', environment: {}, overrides: [] }
    const overrides = [...settings()].flatMap(({ path, node }) =>
      node.default === undefined ? [] : [{ option: 'test', path, value: node.default }],
    )

    expect(loadConfig({ ...plain, overrides }).config).toEqual(loadConfig(plain).config)
  })
})
