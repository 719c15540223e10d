import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { examine, examineNode } from './doctor.ts'
import type { Finding } from './finding.ts'
import { loadConfig } from './load-config.ts'
import { thisMachine } from './machine.ts'
import { latencyFinding, quantilesOf } from './measure-latency.ts'

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

const noKalshi = '[venues.kalshi]\nenabled = false\n'
const off = `[venues.polymarket]\nenabled = false\n${noKalshi}`

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
      found: 'prediction-engine.toml:6 server.prot: is not a key',
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
        `market_socket_url = "${url.replace('http', 'ws')}"\n${noKalshi}`,
    )

    expect(found.get('CLOB')?.state).toBe('ok')
    expect(found.get('clock')?.state).toBe(state)
    expect(found.get('market feed')?.state).toBe('unreachable')
  })

  test('measures how fast the hosts answer that take orders', async () => {
    const url = await venueAt(0)
    const kalshi = `[venues.polymarket]\nenabled = false\n[venues.kalshi]\nrest_url = "${url}"\n`

    const latency = (await findings(kalshi)).get('Kalshi latency')

    expect(latency?.found).toMatch(/^p_50_ms = [\d.]+, p_90_ms = [\d.]+, p_99_ms = [\d.]+/)
  })

  test.each([
    { name: 'nothing is set and it is fast', set: '', state: 'ok' },
    { name: 'less is set', set: 'p_50_ms = 10\np_90_ms = 20\np_99_ms = 30', state: 'warning' },
    { name: 'about as much is set', set: 'p_50_ms = 25\np_90_ms = 30\np_99_ms = 40', state: 'ok' },
    { name: 'more is set', set: 'p_50_ms = 90\np_90_ms = 90\np_99_ms = 90', state: 'ok' },
  ])('what fills on paper assume is held against it: $name', ({ set, state }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(path.join(folder, 'prediction-engine.toml'), `[paper.latency.kalshi]\n${set}\n`)
    const source = { file: undefined, folder, environment: {}, overrides: [] }
    const { paper } = loadConfig(source).config

    const venue = { name: 'Kalshi', key: 'kalshi' } as const
    const found = latencyFinding(venue, { p50Ms: 30, p90Ms: 60, p99Ms: 300 }, paper)

    expect([found.state, found.remedy === '']).toEqual([state, state === 'ok'])
  })
})

describe('quantilesOf', () => {
  test.each([
    { name: 'one time', times: [7], p50Ms: 7, p90Ms: 7, p99Ms: 7 },
    { name: 'ten times', times: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], p50Ms: 5, p90Ms: 9, p99Ms: 10 },
    { name: 'times of nothing', times: [0, 0], p50Ms: 0.1, p90Ms: 0.1, p99Ms: 0.1 },
  ])('$name', ({ times, p50Ms, p90Ms, p99Ms }) => {
    expect(quantilesOf(times)).toEqual({ p50Ms, p90Ms, p99Ms })
  })
})
