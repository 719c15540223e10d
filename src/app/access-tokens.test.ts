import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Log } from '../ports/log.ts'
import { loadTokens, tokenFile } from './access-tokens.ts'

function memoryLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = []
  const silent = (): void => undefined
  return {
    warnings,
    debug: silent,
    info: silent,
    error: silent,
    warn: (message) => warnings.push(message),
  }
}

const folder = (): string => path.join(mkdtempSync(path.join(tmpdir(), 'tokens-')), 'data')

describe('the tokens of the API', () => {
  test('are made once, for their owner alone, and stay the same', () => {
    const at = folder()

    const first = loadTokens(at, memoryLog())

    expect(first.read).toMatch(/^[\w-]{43}$/)
    expect(first.read).not.toBe(first.control)
    expect(loadTokens(at, memoryLog())).toEqual(first)
    expect(readFileSync(tokenFile(at, 'control'), 'utf8').trim()).toBe(first.control)
    expect(statSync(tokenFile(at, 'read')).mode & 0o777).toBe(0o600)
  })

  test('that others could read are closed to them', () => {
    const at = folder()
    loadTokens(at, memoryLog())
    chmodSync(tokenFile(at, 'read'), 0o644)

    loadTokens(at, memoryLog())

    expect(statSync(tokenFile(at, 'read')).mode & 0o777).toBe(0o600)
  })

  test('are for this run only where nothing can be kept, and that is said', () => {
    const log = memoryLog()
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'tokens-')), 'a-file')
    writeFileSync(file, '')

    const tokens = loadTokens(file, log)

    expect(tokens.control).toMatch(/^[\w-]{43}$/)
    expect(log.warnings).toHaveLength(1)
  })
})
