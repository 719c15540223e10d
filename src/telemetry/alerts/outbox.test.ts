import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import type { Alert } from './alert.ts'
import type { AlertMessage } from './alert-message.ts'
import { bodyOf, titleOf } from './alert-message.ts'
import { Outbox } from './outbox.ts'
import { RateGate } from './rate-gate.ts'

const dedupeMs = 300_000
const roomy = { dedupeMs, waitingMax: 100, linesMax: 10 }

function outbox(over: Partial<typeof roomy> = {}, perMinuteMax = 1_000): Outbox {
  return new Outbox({ ...roomy, ...over }, [new RateGate(perMinuteMax)])
}

function alert(cause: string, second: number, over: Partial<Alert> = {}): Alert {
  return { rule: 'fill', severity: 'info', cause, text: cause, atMs: at(second), ...over }
}

function at(second: number): EpochMs {
  return epochMs(Date.UTC(2026, 10, 25, 12) + second * 1_000)
}

function send(box: Outbox, second: number): AlertMessage | undefined {
  const message = box.take(at(second))
  box.settle({ kind: 'sent' }, at(second))
  return message
}

function causes(message: AlertMessage | undefined): readonly string[] {
  return message?.lines.map(({ cause, count }) => `${cause} x${count}`) ?? []
}

describe('Outbox', () => {
  test('what is due goes in one message, the most severe first', () => {
    const box = outbox()
    box.add(alert('a', 0))
    box.add(alert('b', 1, { severity: 'critical', rule: 'kill' }))
    box.add(alert('c', 2))

    const message = send(box, 3)

    expect(causes(message)).toEqual(['b x1', 'a x1', 'c x1'])
    expect(box.take(at(4))).toBeUndefined()
    expect(box.size).toBe(0)
  })

  test('the same cause again within the window is one line with a count when it is over', () => {
    const box = outbox()
    box.add(alert('a', 0))
    send(box, 0)
    box.add(alert('a', 10))
    box.add(alert('a', 20))

    expect(box.take(at(299))).toBeUndefined()
    expect(box.dueAt(at(299))).toBe(at(300))
    const message = send(box, 300)

    expect(causes(message)).toEqual(['a x2'])
    expect(message === undefined ? '' : bodyOf(message)).toBe(
      'a (12:00:20 UTC, 2 times since 12:00:10 UTC)',
    )
  })

  test('after a quiet window the same cause goes out at once', () => {
    const box = outbox()
    box.add(alert('a', 0))
    send(box, 0)
    box.add(alert('a', 300))

    expect(causes(send(box, 300))).toEqual(['a x1'])
  })

  test('a channel is given no more messages in a minute than it may have', () => {
    const box = outbox({}, 2)
    const sent: number[] = []
    for (let second = 0; second < 180; second++) {
      box.add(alert(`a${second}`, second))
      if (send(box, second) !== undefined) sent.push(second)
    }

    expect(sent).toEqual([0, 1, 60, 61, 120, 121])
  })

  test('channels that share a gate are limited together', () => {
    const gate = new RateGate(1)
    const [one, other] = [new Outbox(roomy, [gate]), new Outbox(roomy, [gate])]
    one.add(alert('a', 0))
    other.add(alert('a', 0))

    expect(causes(send(one, 0))).toEqual(['a x1'])
    expect(other.take(at(59))).toBeUndefined()
    expect(causes(send(other, 60))).toEqual(['a x1'])
  })

  test('lines beyond the most that a message may have are counted in it', () => {
    const box = outbox({ linesMax: 2 })
    for (const cause of ['a', 'b', 'c', 'd']) box.add(alert(cause, 0))

    const message = send(box, 1)

    expect(causes(message)).toEqual(['a x1', 'b x1'])
    expect(message?.heldBack).toEqual([{ rule: 'fill', count: 2 }])
    expect(message === undefined ? '' : bodyOf(message)).toMatch(
      /\nHeld back and only counted: 2 fill\.$/,
    )
    expect(message === undefined ? '' : titleOf(message, 'PAPER')).toBe('[PAPER] info: 2 fill')
  })

  test('when too many wait, the least severe and oldest is only counted', () => {
    const box = outbox({ waitingMax: 2 })
    box.add(alert('old', 0))
    box.add(alert('bad', 1, { severity: 'critical', rule: 'kill' }))
    box.add(alert('new', 2))

    const message = send(box, 3)

    expect(causes(message)).toEqual(['bad x1', 'new x1'])
    expect(message?.heldBack).toEqual([{ rule: 'fill', count: 1 }])
  })

  test('a message that failed goes again, later each time, with what has come since', () => {
    const box = outbox()
    box.add(alert('a', 0))
    const waits: number[] = []
    let now = at(0)
    for (let attempt = 0; attempt < 12; attempt++) {
      expect(box.take(now)?.lines[0]?.cause).toBe('a')
      box.settle({ kind: 'retry', afterMs: undefined, reason: 'timeout' }, now)
      const due = box.dueAt(now) ?? now
      waits.push((due - now) / 1_000)
      now = due
    }
    box.add(alert('a', 1))
    box.add(alert('b', 1))

    const message = box.take(now)

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    expect(causes(message)).toEqual(['a x2', 'b x1'])
  })

  test('a channel that says when is asked again then, and not before', () => {
    const box = outbox()
    box.add(alert('a', 0))
    box.take(at(0))
    box.settle({ kind: 'retry', afterMs: 7_500, reason: '429' }, at(0))

    expect(box.take(at(7))).toBeUndefined()
    expect(box.dueAt(at(7))).toBe(at(7.5))
    expect(causes(box.take(at(8)))).toEqual(['a x1'])
  })

  test('a refused message is not sent again, but counted in the next', () => {
    const box = outbox()
    box.add(alert('a', 0))
    box.take(at(0))
    box.settle({ kind: 'refused', reason: '401' }, at(0))

    expect(box.take(at(1))).toBeUndefined()
    box.add(alert('b', 2))
    const message = send(box, 2)
    expect(causes(message)).toEqual(['b x1'])
    expect(message?.heldBack).toEqual([{ rule: 'fill', count: 1 }])
  })

  test('one message is under way at a time', () => {
    const box = outbox()
    box.add(alert('a', 0))
    box.take(at(0))
    box.add(alert('b', 0))

    expect(box.take(at(0))).toBeUndefined()
    expect(box.dueAt(at(0))).toBeUndefined()
  })

  test('whatever comes and fails, each alert is told or counted once, within the limits', () => {
    const step = fc.record({
      cause: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      severity: fc.constantFrom('info', 'warning', 'critical'),
      wait: fc.integer({ min: 0, max: 20 }),
      end: fc.constantFrom('sent', 'retry'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const box = outbox({ waitingMax: 4, linesMax: 2 }, 3)
        let now = 0
        let told = 0
        const count = (message: AlertMessage | undefined): void => {
          for (const each of [...(message?.lines ?? []), ...(message?.heldBack ?? [])]) {
            told += each.count
          }
        }
        for (const { cause, end, severity, wait } of steps) {
          now += wait
          box.add(alert(cause, now, { severity }))
          expect(box.size).toBeLessThanOrEqual(4)
          const message = box.take(at(now))
          if (end === 'sent') count(message)
          box.settle(
            end === 'sent' ? { kind: 'sent' } : { kind: 'retry', afterMs: 0, reason: '' },
            at(now),
          )
        }
        // A last one carries what was only counted.
        box.add(alert('last', now))
        for (let tries = 0; tries < 40; tries++) {
          now += 400
          count(send(box, now))
        }
        expect(told).toBe(steps.length + 1)
      }),
    )
  })
})
