import { describe, expect, test } from 'vitest'
import { Random } from '../../core/random.ts'
import type { EpochMs } from '../../core/units.ts'
import { buildWorld } from '../build-world.ts'
import type { FaultName } from '../fault-names.ts'
import { Faults } from '../faults.ts'
import { MarketLine } from './market-line.ts'
import type { Publication } from './market-publisher.ts'

const { world } = buildWorld({ seed: 1, marketsMin: 0 }, { epochMs: () => 0 as EpochMs })

/** A line with one fault, whose time and whose other end are in our hands. */
function lineWith(...names: readonly FaultName[]) {
  const sent: string[] = []
  const due: { atMs: number; run: () => void }[] = []
  let now = 0
  let isCut = false
  const timers = {
    after(delayMs: number, run: () => void) {
      const task = { atMs: now + delayMs, run }
      due.push(task)
      return () => due.splice(due.indexOf(task), 1)
    },
    every: () => () => undefined,
  }
  const end = {
    send: (bytes: Buffer) => sent.push(bytes.toString('utf8')),
    cut() {
      isCut = true
    },
  }
  const line = new MarketLine(end, new Faults(names, new Random(3)), timers)
  line.open()
  const publish = (name: string, at: number, more: Partial<Publication> = {}): void => {
    const market = world.markets[at]
    if (market === undefined) throw new Error(`there is no market ${at}`)
    const flags = { custom: false, followed: false, opensSweep: false }
    const kind = 'price_change' as const
    const publication: Publication = {
      kind,
      market,
      audience: 'market',
      text: name,
      ...flags,
      ...more,
    }
    line.publish(publication, Buffer.from(name))
  }
  const wait = (ms: number): void => {
    now += ms
    for (const { atMs, run } of due.toSorted((a, b) => a.atMs - b.atMs)) if (atMs <= now) run()
  }
  return { line, sent, publish, wait, isCut: () => isCut, pending: due }
}

function many(count: number, publish: (name: string, at: number) => void): void {
  for (let index = 0; index < count; index++) publish(`frame ${index}`, 0)
}

describe('a line', () => {
  test('without faults passes on every frame once, in order', () => {
    const { sent, publish } = lineWith()

    many(200, publish)

    expect(sent).toEqual(Array.from({ length: 200 }, (_, index) => `frame ${index}`))
  })

  test('that is to be cut is cut within sixteen seconds, not in the first four', () => {
    const { wait, isCut } = lineWith('disconnect')

    wait(3999)
    expect(isCut()).toBe(false)
    wait(12_001)
    expect(isCut()).toBe(true)
  })

  test('that falls silent still answers, and sends neither books nor changes', () => {
    const { line, sent, publish, wait, isCut } = lineWith('silent-freeze')
    publish('before', 0)

    wait(14_000)
    publish('after', 0)
    line.dump(Buffer.from('book'))
    line.reply(Buffer.from('PONG'))

    expect(sent).toEqual(['before', 'PONG'])
    expect(isCut()).toBe(false)
  })

  test('with a crossed sweep holds back the rest of one market, and lets it out in order', () => {
    const { sent, publish, wait } = lineWith('crossed-sweep')
    do {
      publish('first of a sweep', 0, { opensSweep: true })
      publish('rest of it', 0)
    } while (sent.at(-1) === 'rest of it')

    const held = sent.length
    publish('other market', 1)
    publish('later', 0)
    const meanwhile = sent.slice(held)
    wait(600)

    expect(meanwhile).toEqual(['other market'])
    expect(sent.slice(held)).toEqual(['other market', 'rest of it', 'later'])
  })

  test('with lost changes loses only those that another follows at once', () => {
    const { sent, publish } = lineWith('corrupt-level')

    for (let index = 0; index < 300; index++) publish('followed', 0, { followed: true })
    for (let index = 0; index < 300; index++) publish('alone', 0)

    expect(sent.filter((text) => text === 'alone')).toHaveLength(300)
    expect(sent.length).toBeLessThan(600)
    expect(sent.length).toBeGreaterThan(550)
  })

  test('with duplicates sends some frames twice in a row', () => {
    const { sent, publish } = lineWith('duplicate-frame')

    many(5000, publish)

    const twice = sent.filter((text, at) => text === sent[at - 1])
    expect(twice.length).toBeGreaterThan(0)
    expect(sent.length).toBe(5000 + twice.length)
  })

  test('with malformed frames adds some and leaves none out', () => {
    const { sent, publish } = lineWith('malformed-frame')

    many(20_000, publish)

    const added = sent.filter((text) => !/^frame \d+$/.test(text))
    expect(added.length).toBeGreaterThan(0)
    expect(sent.length).toBe(20_000 + added.length)
  })

  test('that is closed leaves no timer behind', () => {
    const { line, pending } = lineWith('disconnect', 'silent-freeze')
    expect(pending).toHaveLength(2)

    line.close()

    expect(pending).toHaveLength(0)
  })
})
