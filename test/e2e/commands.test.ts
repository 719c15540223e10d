import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { startCli } from './start-cli.ts'

// The name is reserved never to resolve: RFC 2606.
const offline = {
  PREDICTION_ENGINE_VENUES_POLYMARKET_GAMMA_URL: 'https://gamma.invalid',
  PREDICTION_ENGINE_VENUES_POLYMARKET_CLOB_URL: 'https://clob.invalid',
  PREDICTION_ENGINE_VENUES_POLYMARKET_MARKET_SOCKET_URL: 'wss://ws.invalid/ws/market',
}

function configFile(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'mine.toml')
  writeFileSync(file, text)
  return file
}

/** Takes a port, accepts whoever connects, and says nothing. */
function listenSilently(): Promise<number> {
  const server = createServer(() => {})
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve(port)
    })
  })
}

describe('run', () => {
  test('without the internet it names the host and the remedy in one line', async () => {
    const run = startCli(['run', '--for', '20s', '--json', '--port', '0'], offline)

    const { code, stderr, tookMs } = await run.ended

    expect(code).toBe(2)
    expect(stderr).toHaveLength(1)
    expect(stderr[0]).toContain('gamma.invalid')
    expect(stderr[0]).toContain('npm run demo')
    expect(tookMs).toBeLessThan(20_000)
  })

  test('a host that accepts and never answers is given up in time', async () => {
    const port = await listenSilently()
    const url = `http://127.0.0.1:${port}`

    const run = startCli(['run', '--for', '20s', '--json', '--port', '0'], {
      ...offline,
      PREDICTION_ENGINE_VENUES_POLYMARKET_GAMMA_URL: url,
    })
    const { code, stderr, tookMs } = await run.ended

    expect(code).toBe(2)
    expect(stderr).toEqual([expect.stringContaining(`127.0.0.1:${port}`)])
    expect(tookMs).toBeLessThan(20_000)
  })

  test('a wrong configuration is refused with its line', async () => {
    const file = configFile('[server]\nprt = 9000\n')

    const { code, stderr } = await startCli(['run', '--config', file]).ended

    expect(code).toBe(78)
    expect(stderr).toEqual([`${file}:2: server.prt: is not a key; did you mean server.port?`])
  })

  test('a port that is taken is refused with a remedy', async () => {
    const port = await listenSilently()

    const { code, stderr } = await startCli(['run', '--port', String(port)], offline).ended

    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/EADDRINUSE.*--port 0/)])
  })
})

describe('the command line', () => {
  test.each([
    [['--help'], 0],
    [['--version'], 0],
    [['demo', '--help'], 0],
    [['demo', '--faults', 'list'], 0],
    [['dmeo'], 64],
    [['demo', '--for', 'soon'], 64],
    [['demo', '--seed', '-1'], 64],
    [['demo', '--faults', 'earthquake'], 64],
    [['demo', '--nonsense'], 64],
  ])('%j ends with %i', async (args, expected) => {
    const { code, stdout, stderr } = await startCli(args).ended

    expect(code).toBe(expected)
    expect(expected === 0 ? stderr : stdout).toEqual([])
  })
})

describe('doctor', () => {
  const Report = z.object({
    ok: z.boolean(),
    findings: z.array(
      z.object({ name: z.string(), state: z.string(), found: z.string(), remedy: z.string() }),
    ),
  })

  test('has a remedy for everything that is not well', async () => {
    const { code, stdout } = await startCli(['doctor', '--json'], offline).ended

    const { ok, findings } = Report.parse(JSON.parse(stdout.join('\n')))
    expect(ok).toBe(false)
    expect([1, 2]).toContain(code)
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', 'configuration', 'disk', 'port', 'Gamma', 'market feed']),
    )
    for (const { state, remedy } of findings) expect(remedy === '').toBe(state === 'ok')
  })

  test('a key in the environment is never shown', async () => {
    const key = `0x${'5a'.repeat(32)}`

    const { stdout, stderr } = await startCli(['doctor'], { ...offline, PRIVATE_KEY: key }).ended

    expect([...stdout, ...stderr].join('\n')).not.toContain('5a5a')
    expect(stdout.join('\n')).toContain('PRIVATE_KEY')
  })
})

describe('sim', () => {
  const Started = z.object({
    event: z.literal('started'),
    urls: z.object({ gamma: z.url(), clob: z.url(), marketSocket: z.url() }),
  })

  test('is an exchange that run trades against and markets searches', async () => {
    const sim = startCli(['sim', '--seed', '3', '--json'])
    const line = await sim.line((text) => text.includes('"started"'))
    const { urls } = Started.parse(JSON.parse(line))
    const environment = {
      PREDICTION_ENGINE_VENUES_POLYMARKET_GAMMA_URL: urls.gamma,
      PREDICTION_ENGINE_VENUES_POLYMARKET_CLOB_URL: urls.clob,
      PREDICTION_ENGINE_VENUES_POLYMARKET_MARKET_SOCKET_URL: urls.marketSocket,
      PREDICTION_ENGINE_VENUES_POLYMARKET_SEPARATE_BOOKS_TAG: 'separate-books',
    }

    const run = startCli(['run', '--for', '2s', '--json', '--port', '0'], environment)
    const found = startCli(['markets', 'snap', 'election', '--json'], environment)
    const none = startCli(['markets', 'no such words'], environment)
    const doctor = startCli(['doctor'], environment)

    const summary: unknown = JSON.parse((await run.ended).stdout.at(-1) ?? '')
    expect(summary).toMatchObject({ mode: 'paper', booksBroken: 0, ledgerBalanced: true })
    const market: unknown = JSON.parse((await found.ended).stdout[0] ?? '')
    expect(market).toMatchObject({
      venue: 'polymarket',
      question: 'Will a snap election be called?',
    })
    expect(await none.ended).toMatchObject({ code: 1, stderr: [] })
    expect((await doctor.ended).stdout.join('\n')).toMatch(/CLOB +127\.0\.0\.1:\d+ answers/)

    sim.child.kill('SIGINT')
    const { code, stdout } = await sim.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout.at(-1) ?? '')).toMatchObject({ event: 'truth' })
  }, 30_000)
})
