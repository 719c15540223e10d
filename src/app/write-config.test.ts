import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from './load-config.ts'
import { writeConfig } from './write-config.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = 'mine.toml'

describe('writeConfig', () => {
  test('writes a file that names every table and changes nothing', () => {
    const done = writeConfig({ file, folder, whenThere: 'refuse' })

    const full = path.join(folder, file)
    expect(done).toEqual({ kind: 'written', file: full, replaced: false })
    const source = { folder, environment: {}, overrides: [] }
    const { config } = loadConfig({ ...source, file })
    expect(config).toEqual(loadConfig({ ...source, file: undefined }).config)
    const text = readFileSync(full, 'utf8')
    expect(text).toContain('\n[alerts.telegram]\n')
    expect(text).toContain('\n[risk]\n')
  })

  test('its first line leads an editor to the schema', () => {
    writeConfig({ file, folder, whenThere: 'refuse' })

    const [first = ''] = readFileSync(path.join(folder, file), 'utf8').split('\n')
    const schema = path.resolve(folder, first.replace('#:schema ', ''))
    expect(path.basename(schema)).toBe('config.schema.json')
    expect(existsSync(schema)).toBe(true)
  })

  test('a file that is there stays as it is, unless it is to be replaced', () => {
    writeFileSync(path.join(folder, file), 'mode = "paper"\n')

    const refused = writeConfig({ file, folder, whenThere: 'refuse' })
    expect(refused).toMatchObject({ kind: 'refused', reason: 'there' })
    expect(readFileSync(path.join(folder, file), 'utf8')).toBe('mode = "paper"\n')

    const replaced = writeConfig({ file, folder, whenThere: 'replace' })
    expect(replaced).toMatchObject({ kind: 'written', replaced: true })
    expect(readFileSync(path.join(folder, file), 'utf8')).toContain('[alerts.telegram]')
    expect(readdirSync(folder)).toEqual([file])
  })

  test('a folder that is not there is said', () => {
    const done = writeConfig({ file: 'none/mine.toml', folder, whenThere: 'replace' })

    expect(done).toMatchObject({ kind: 'refused', reason: 'ENOENT' })
  })
})
