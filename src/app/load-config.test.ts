import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configFileName, loadConfig } from './load-config.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(
  text: string,
  environment: Record<string, string> = {},
): ReturnType<typeof loadConfig> {
  writeFileSync(path.join(folder, configFileName), text)
  return loadConfig({ file: undefined, folder, environment, overrides: [] })
}

function problems(text: string, environment: Record<string, string> = {}): string {
  try {
    load(text, environment)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('loadConfig', () => {
  test('without a file everything has its default', () => {
    const { config, file } = loadConfig({ file: undefined, folder, environment: {}, overrides: [] })

    expect(file).toBeUndefined()
    expect(config.mode).toBe('paper')
    expect(config.server).toEqual({ host: '127.0.0.1', port: 9000, allowedHosts: [] })
    expect(config.strategies.crossOutcome).toEqual({
      enabled: true,
      edgeMin: 10_000,
      sizeMin: 5_000_000,
      sizeMax: 100_000_000,
    })
    expect(config.venues.polymarket.separateBooksTag).toBeUndefined()
  })

  test('the command line is over the environment, over the file, over the defaults', () => {
    const file = '[server]\nport = 1\n[engine]\ntimer_ms = 11\n[risk]\nstale_after_ms = 1000\n'
    writeFileSync(path.join(folder, configFileName), file)

    const { config } = loadConfig({
      file: undefined,
      folder,
      environment: { PREDICTION_ENGINE_SERVER_PORT: '2', PREDICTION_ENGINE_ENGINE_TIMER_MS: '22' },
      overrides: [{ option: '--port', path: ['server', 'port'], value: 3 }],
    })

    expect(config.server.port).toBe(3)
    expect(config.engine.timerMs).toBe(22)
    expect(config.risk.staleAfterMs).toBe(1000)
    expect(config.paper.latencyMs).toBe(25)
  })

  test.each(['0.015', '"0.015"', '"0.0150000"'])('money is read exactly from %s', (text) => {
    const { config } = load(`[strategies.cross_outcome]\nedge_min = ${text}\n`)

    expect(config.strategies.crossOutcome.edgeMin).toBe(15_000)
  })

  test('LOG_LEVEL is over RUST_LOG, and RUST_LOG over the file', () => {
    const file = '[log]\nlevel = "error"\n'

    expect(load(file, { RUST_LOG: 'info,foo=debug' }).config.log.level).toBe('info,foo=debug')
    expect(load(file, { RUST_LOG: 'info', LOG_LEVEL: 'debug' }).config.log.level).toBe('debug')
    expect(load(file, { LOG_LEVEL: '' }).config.log.level).toBe('error')
  })

  test('PRIVATE_KEY is a secret and not a setting', () => {
    const { secrets, config } = load('', { PRIVATE_KEY: '0xabc123' })

    expect(secrets).toEqual(['0xabc123'])
    expect(JSON.stringify(config)).not.toContain('abc123')
  })

  test.each([
    {
      name: 'a key that is not known, with the one that is meant',
      text: '[server]\nhost = "::1"\nprt = 1\n',
      says: 'prediction-engine.toml:3: server.prt: is not a key; did you mean server.port?',
    },
    {
      name: 'a table that is not known',
      text: '\n[strategis.cross_outcome]\nenabled = true\n',
      says: 'prediction-engine.toml:2: strategis: is not a key; did you mean strategies?',
    },
    {
      name: 'a number out of its range, with the range',
      text: 'mode = "paper"\n\n[server]\nport = 99999\n',
      says:
        'prediction-engine.toml:4: server.port: was 99999, expected a number from 0 to 65535; ' +
        'change it, or leave it out for 9000',
    },
    {
      name: 'a value of another type',
      text: '[strategies.cross_outcome]\nenabled = "yes"\n',
      says:
        'prediction-engine.toml:2: strategies.cross_outcome.enabled: was "yes", expected true or ' +
        'false; change it, or leave it out for true',
    },
    {
      name: 'a mode that there is not',
      text: 'mode = "dry"\n',
      says: 'prediction-engine.toml:1: mode: was "dry", expected',
    },
    {
      name: 'money finer than a micro-dollar, which would be rounded',
      text: 'risk.total_exposure_max = "1.0000001"\n',
      says:
        'prediction-engine.toml:1: risk.total_exposure_max: was "1.0000001", expected dollars ' +
        'with at most six decimals, such as "0.01"; change it, or leave it out for "10000"',
    },
    {
      name: 'an address of another kind',
      text: 'venues.polymarket.market_socket_url = "https://x.org"\n',
      says: 'market_socket_url: was "https://x.org", expected an address that starts with wss://',
    },
    {
      name: 'text that is not TOML, with line and column',
      text: '[server]\nport = = 1\n',
      says: 'prediction-engine.toml:2:8: ',
    },
    {
      name: 'a scalar where a table belongs',
      text: 'server = 9000\n',
      says: 'prediction-engine.toml:1: server: was 9000, expected a table',
    },
    {
      name: 'an item of a list, by the line of the list',
      text: '[venues.polymarket]\ntags = ["a", 3]\n',
      says: 'prediction-engine.toml:2: venues.polymarket.tags.1: was 3, expected text in quotes',
    },
  ])('refuses $name', ({ text, says }) => {
    expect(problems(text)).toContain(says)
  })

  test('everything that is wrong is said at once, in the order of the file', () => {
    const text = '[server]\nport = -1\n[paper]\nlatency_ms = -1\nlatency = 1\n'

    const places = problems(text)
      .split('\n')
      .map((line) => line.split(' ')[0])

    expect(places).toEqual([
      'prediction-engine.toml:2:',
      'prediction-engine.toml:4:',
      'prediction-engine.toml:5:',
    ])
  })

  test.each([
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: log.level: was "loud", expected trace, debug, info'],
    [{ PREDICTION_ENGINE_SERVER_PORT: 'x' }, 'PREDICTION_ENGINE_SERVER_PORT: server.port: was "x"'],
    [{ PREDICTION_ENGINE_SERVER_PROT: '1' }, 'did you mean PREDICTION_ENGINE_SERVER_PORT?'],
  ])('refuses %o and names the variable', (environment, says) => {
    expect(problems('', environment as Record<string, string>)).toContain(says)
  })

  test('the file that was asked for has to be there', () => {
    const source = { file: 'mine.toml', folder, environment: {}, overrides: [] }

    expect(() => loadConfig(source)).toThrow('mine.toml: there is no such file; check the path')
  })
})

describe('strategies of the user’s own', () => {
  const text = '[strategies]\nfiles = ["mine.ts"]\n\n[strategies.my-own]\nsize_max = 25\n'

  test('have tables of their names, with dashes or as all others are written', () => {
    for (const table of [text, text.replace('my-own', 'my_own')]) {
      const { strategies } = load(table).config

      expect(strategies.files).toEqual(['mine.ts'])
      expect(strategies.own).toEqual({ myOwn: { sizeMax: 25 } })
      expect(strategies.crossOutcome.enabled).toBe(true)
    }
  })

  test('may be named on the command line, and set there: that is the strongest', () => {
    writeFileSync(path.join(folder, configFileName), text)

    const { config, origins } = loadConfig({
      file: undefined,
      folder,
      environment: {},
      overrides: [],
      strategyFiles: ['other.ts'],
      sets: ['my-own.sizeMax=30', 'cross-outcome.edgeMin=0.02', 'paper.latencyMs=40'],
    })

    expect(config.strategies.files).toEqual(['mine.ts', 'other.ts'])
    expect(config.strategies.own).toEqual({ myOwn: { sizeMax: '30' } })
    expect(config.strategies.crossOutcome.edgeMin).toBe(20_000)
    expect(config.paper.latencyMs).toBe(40)
    expect(origins(['strategies', 'my_own', 'size_max'])).toBe('--set')
  })

  test('do not hide a mistyped table where there are none', () => {
    expect(problems('[strategies.cross_outcom]\nedge_min = 1\n')).toBe(
      'prediction-engine.toml:1: strategies.cross_outcom: is not a key; did you mean strategies.cross_outcome?',
    )
  })

  test('have settings of which each knows its line', () => {
    const { origins } = load(text)

    expect(origins(['strategies', 'my-own', 'size_max'])).toBe('prediction-engine.toml:5')
  })
})
