import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configExample } from './config-example.ts'
import { configJsonSchema, settings } from './config-json-schema.ts'
import { loadConfig, variableOf } from './load-config.ts'

const published = new URL('../../config.schema.json', import.meta.url)
const example = new URL('../../examples/prediction-engine.toml', import.meta.url)

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

describe('configExample', () => {
  test('is what is published; "npm run schema" writes it', () => {
    expect(readFileSync(example, 'utf8')).toBe(configExample())
  })

  test('with every # taken away it still says the defaults', () => {
    const text = configExample().replaceAll(/^# (\w+ = .*)$/gm, '$1')
    const folder = mkdtempSync(path.join(tmpdir(), 'example-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(path.join(folder, 'all.toml'), text)

    const plain = { folder, environment: {}, overrides: [] }
    const { config } = loadConfig({ ...plain, file: 'all.toml' })

    expect(text).toContain('\nport = 9000\n')
    expect(config).toEqual(loadConfig({ ...plain, file: undefined }).config)
  })
})
