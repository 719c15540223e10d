import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// The well-known first key of local test chains: it guards nothing.
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const order = {
  tokenId: '71321045679252212594626385532706912750332728571942532289631379312455583992563',
  side: 'BUY',
  price: '0.52',
  size: '10',
  tickSize: '0.01',
  negRisk: false,
  salt: 479_249_096_354,
  timestamp: 1_795_300_000_000,
}

function cli(args: readonly string[], environment: Record<string, string>, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    input,
    encoding: 'utf8',
  })
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}

describe('sign-order', () => {
  test('signs as the published vector says', () => {
    const { status, stdout } = cli(
      ['sign-order', '--json'],
      { PRIVATE_KEY: key },
      JSON.stringify(order),
    )

    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      id: '0x60ba9101128de974948edbdbb69d3d4e3519d7c48ab9e80f100920f3f8dbcadf',
      signature:
        '0x1c2c4ca8cbf74ed480774d072eeb9a116aba2bbd3bd1acc271112f56d145eb72114135e548433807e5e9eb34496197b035b7489a4b6eefe3c2a6c7e44791f2261c',
    })
  })

  test.each([
    ['without a key', {}, JSON.stringify(order), 'no key'],
    ['what is no order', { PRIVATE_KEY: key }, '{"side":"HOLD"}', 'side'],
    [
      'off the grid',
      { PRIVATE_KEY: key },
      JSON.stringify({ ...order, price: '0.523' }),
      'off-grid',
    ],
  ])('refuses %s in one line, and shows no key', (_, environment, input, words) => {
    const { status, stderr } = cli(['sign-order'], environment, input)

    expect(status).toBe(1)
    expect(stderr.split('\n')).toHaveLength(1)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain(key.slice(2, 20))
  })
})

describe('keys', () => {
  test('keeps a key encrypted, in a file only its owner reads, and never over another', () => {
    const file = join(folder, 'wallet.json')
    const environment = { PRIVATE_KEY: key, KEYSTORE_PASSWORD: 'long enough' }

    const first = cli(['keys', 'import', file], environment)
    const again = cli(['keys', 'import', file], environment)
    const shown = cli(['keys', 'show-address', file], {})
    const signed = cli(
      ['sign-order', '--keystore', file],
      { KEYSTORE_PASSWORD: 'long enough' },
      JSON.stringify(order),
    )

    expect(first).toMatchObject({ status: 0, stdout: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice(2))
    expect(again.status).toBe(1)
    expect(shown.stdout).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
    expect(signed.stdout).toContain(
      '0x60ba9101128de974948edbdbb69d3d4e3519d7c48ab9e80f100920f3f8dbcadf',
    )
  })
})
