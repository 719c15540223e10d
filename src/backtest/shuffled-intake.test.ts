import { describe, expect, test } from 'vitest'
import type { Nanos } from '../core/units.ts'
import type { EngineEvent } from '../engine/event.ts'
import { ShuffledIntake } from './shuffled-intake.ts'

type Seen = { readonly number: number; readonly at: number }

function feed(seed: number, count: number): { frames: Seen[]; others: EngineEvent[] } {
  const frames: Seen[] = []
  const others: EngineEvent[] = []
  const shuffled = new ShuffledIntake(
    {
      process: (event) => others.push(event),
      onFrame: (_venue, _connection, bytes, at) =>
        frames.push({ number: Buffer.from(bytes).readUInt32LE(), at }),
    },
    seed,
  )
  // The memory of a recording is used again for each frame.
  const bytes = Buffer.alloc(4)
  for (let number = 0; number < count; number++) {
    bytes.writeUInt32LE(number)
    shuffled.onFrame('polymarket', 1, bytes, number as Nanos)
  }
  shuffled.flush()
  return { frames, others }
}

describe('a shuffled market', () => {
  test('holds every frame once, at instants that follow each other', () => {
    const { frames } = feed(1, 1_234)

    const numbers = frames.map(({ number }) => number).toSorted((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 1_234 }, (_, number) => number))
    expect(frames.map(({ at }) => at)).toEqual(numbers)
  })

  test('leaves hardly a frame where it was, in an order that its seed decides', () => {
    const one = feed(1, 500).frames

    expect(one.filter(({ number, at }) => number === at).length).toBeLessThan(10)
    expect(feed(1, 500).frames).toEqual(one)
    expect(feed(2, 500).frames).not.toEqual(one)
  })

  test('is traded from its second block on: the first holds whole books, and those are true', () => {
    const { others } = feed(1, 1_600)

    const kinds = others.map((event) => event.kind === 'command' && event.command.kind)
    expect(kinds).toEqual(['pause', 'resume'])
  })
})
