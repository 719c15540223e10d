import { describe, expect, test } from 'vitest'
import { createLog } from './create-log.ts'
import { levelOf, parseLogFilter } from './log-filter.ts'

// Made up for this test; no account has it.
const key = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

function logged(
  filter: string,
  room: string,
  write: (log: ReturnType<ReturnType<typeof createLog>>) => void,
): string {
  const lines: string[] = []
  const parsed = parseLogFilter(filter)
  if (parsed === undefined) throw new Error(`not a filter: ${filter}`)
  const destination = { write: (line: string) => void lines.push(line) }
  write(createLog({ filter: parsed, destination, secrets: [key] })(room))
  return lines.join('')
}

describe('createLog', () => {
  test('writes one JSON object a line, with its level, room and fields', () => {
    const line = logged('info', 'engine', (log) => log.info('book is broken', { market: 'm1' }))

    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      room: 'engine',
      market: 'm1',
      msg: 'book is broken',
    })
  })

  test.each([
    ['a field named like a secret', { privateKey: 'abcdef' }],
    ['a field of a field', { request: { headers: { authorization: 'abcdef' } } }],
    ['an item of a list', { keys: [{ api_secret: 'abcdef' }] }],
    ['the key itself under a harmless name', { note: `signed with ${key}` }],
    ['the key without its prefix', { note: key.slice(2) }],
    ['an error that quotes the key', { error: new Error(`bad key ${key}`) }],
    ['the cause of an error', { error: new Error('bad', { cause: new Error(key) }) }],
  ])('shows no secret in %s', (_, fields) => {
    const line = logged('info', 'app', (log) => log.info('x', fields))

    expect(line).not.toContain('abcdef')
    expect(line).not.toContain(key.slice(2))
    expect(line).toContain('[redacted]')
  })

  test('shows no secret in the message', () => {
    expect(logged('info', 'app', (log) => log.warn(`key ${key}`))).not.toContain(key.slice(2))
  })

  test('an outcome token is no secret', () => {
    const line = logged('info', 'app', (log) => log.info('x', { tokenId: '7131', token: '7132' }))

    expect(JSON.parse(line)).toMatchObject({ tokenId: '7131', token: '7132' })
  })

  test('fields that hold each other end in a mark and not in a crash', () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = loop

    expect(logged('info', 'app', (log) => log.info('x', { loop }))).toContain('[deeper]')
  })

  test.each([
    ['warn', 'engine', 'info', false],
    ['warn', 'engine', 'warn', true],
    ['warn,engine=debug', 'engine', 'debug', true],
    ['warn,engine=debug', 'polymarket', 'debug', false],
    ['off', 'engine', 'error', false],
  ] as const)('%s lets %s say %s: %s', (filter, room, level, written) => {
    const text = logged(filter, room, (log) => log[level]('x'))

    expect(text !== '').toBe(written)
  })
})

describe('parseLogFilter', () => {
  test.each([
    ['info', 'engine', 'info'],
    ['INFO', 'engine', 'info'],
    ['warning', 'engine', 'warn'],
    ['info,foo=debug', 'foo', 'debug'],
    ['info, foo=debug', 'engine', 'info'],
    ['foo=debug', 'engine', 'error'],
    ['prediction_engine=trace', 'engine', 'trace'],
    ['prediction_engine::exchange_sim=debug', 'exchange-sim', 'debug'],
    ['info,prediction_engine::adapters', 'adapters', 'trace'],
    ['', 'engine', 'info'],
  ])('"%s" gives %s the level %s', (text, room, level) => {
    const filter = parseLogFilter(text)

    expect(filter && levelOf(filter, room)).toBe(level)
  })

  test.each(['loud', 'info,foo=loud', 'foo=debug=x', 'foo bar', '1', 'info;debug'])(
    'refuses "%s"',
    (text) => expect(parseLogFilter(text)).toBeUndefined(),
  )
})
