import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { examine, examineNode } from './doctor.ts'
import type { Finding } from './finding.ts'
import { thisMachine } from './machine.ts'

async function findings(
  config: string,
  environment: Record<string, string> = {},
): Promise<ReadonlyMap<string, Finding>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'prediction-engine.toml')
  writeFileSync(file, config)
  chmodSync(file, 0o666)
  const machine = { ...thisMachine, folder, environment }
  const found = await examine({ machine, configFile: undefined })
  return new Map(found.map((finding) => [finding.name, finding]))
}

const off = '[venues.polymarket]\nenabled = false\n'

/** A venue whose clock is off by so much. */
async function venueAt(offMs: number): Promise<string> {
  const server = createServer((_, response) => {
    response.end(String(Math.floor((Date.now() + offMs) / 1000)))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

describe('examine', () => {
  test.each([
    ['20.19.0', 'failure'],
    ['22.18.0', 'failure'],
    ['22.19.0', 'ok'],
    ['24.0.0', 'ok'],
  ])('Node %s is %s', (version, state) => {
    expect(examineNode(version).state).toBe(state)
  })

  test('a venue that is switched off is not asked', async () => {
    const found = await findings(off)

    expect([...found.keys()]).not.toContain('Gamma')
  })

  test('a file that anybody may change is a warning, with the command that mends it', async () => {
    const permissions = (await findings(off)).get('permissions')

    expect(permissions?.state).toBe('warning')
    expect(permissions?.remedy).toMatch(/^chmod go-w .*prediction-engine\.toml$/)
  })

  test('a mistake in the configuration does not hide the rest', async () => {
    const found = await findings(`${off}[server]\nprot = 1\n`, {})

    expect(found.get('configuration')).toMatchObject({
      state: 'failure',
      found: 'prediction-engine.toml:4 server.prot: is not a key',
      remedy: 'did you mean server.port?',
    })
    expect(found.has('disk')).toBe(true)
  })

  test('a channel of alerts that lacks its secret is a failure, with the remedy', async () => {
    const found = await findings(`${off}[alerts.slack]\nenabled = true\n`)

    expect(found.get('alerts')).toMatchObject({
      state: 'failure',
      found: 'alerts.slack: is on without its secret',
      remedy: 'set SLACK_WEBHOOK_URL or SLACK_WEBHOOK_URL_FILE, or alerts.slack.url_file',
    })
    expect((await findings(off, { SLACK_WEBHOOK_URL: 'x' })).has('alerts')).toBe(false)
  })

  test('a port that is taken is a failure', async () => {
    const url = await venueAt(0)

    const found = await findings(`${off}[server]\nport = ${new URL(url).port}\n`)

    expect(found.get('port')?.state).toBe('failure')
  })

  test.each([
    ['is right', 0, 'ok'],
    ['is a minute behind', 60_000, 'failure'],
    ['is a minute ahead', -60_000, 'failure'],
  ])('a clock that %s against the venue is seen', async (_, offMs, state) => {
    const url = await venueAt(offMs)

    const found = await findings(
      `[venues.polymarket]\ngamma_url = "${url}"\nclob_url = "${url}"\n` +
        `market_socket_url = "${url.replace('http', 'ws')}"\n`,
    )

    expect(found.get('CLOB')?.state).toBe('ok')
    expect(found.get('clock')?.state).toBe(state)
    expect(found.get('market feed')?.state).toBe('unreachable')
  })
})
