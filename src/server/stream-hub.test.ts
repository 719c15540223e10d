import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { HandClock } from '../../test/server/api-scene.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'
import { mergeChange } from './schema/merge-change.ts'
import type { RunState, StreamMessage } from './schema/stream.ts'
import { streamMessage } from './schema/stream.ts'
import type { CloseReason, Joined, Wire } from './stream-hub.ts'
import { StreamHub } from './stream-hub.ts'

/** A connection whose other end reads at once, unless a test says that it does not. */
class TestWire implements Wire {
  readonly messages: StreamMessage[] = []
  closed: CloseReason | undefined
  waiting = 0

  send(bytes: Uint8Array): void {
    this.messages.push(streamMessage.parse(JSON.parse(new TextDecoder().decode(bytes))))
  }

  close(reason: CloseReason): void {
    this.closed = reason
  }

  /** What a page that has merged everything would hold. */
  state(): RunState | undefined {
    let state: RunState | undefined
    for (const message of this.messages) {
      if (message.kind === 'snapshot') state = message.state
      if (message.kind === 'change' && state !== undefined)
        state = mergeChange(state, message.change)
    }
    return state
  }

  kinds(): readonly string[] {
    return this.messages.map(({ kind }) => kind)
  }
}

class Stage {
  readonly scene: WatchedScene = new WatchedScene([marketOf('rain')])
  readonly clock: HandClock = new HandClock()
  readonly hub: StreamHub = new StreamHub(this.scene.replica, 'run-1', this.clock)

  /** Something happens, and is told. */
  move(): void {
    this.scene.scene.wait(50)
    this.scene.tell()
    this.clock.ms += 50
    this.hub.publish()
  }

  join(after?: { readonly run: string; readonly sequence: number }): {
    readonly wire: TestWire
    readonly joined: Joined
  } {
    const wire = new TestWire()
    return { wire, joined: this.hub.join(wire, after) }
  }
}

describe('a watcher', () => {
  test('is given where things stand, and then numbered changes without a hole', () => {
    const stage = new Stage()
    stage.move()

    const { wire } = stage.join()
    stage.scene.offer('rain')
    stage.move()
    stage.move()

    expect(wire.kinds()).toEqual(['snapshot', 'change', 'change'])
    const numbers = wire.messages.flatMap((each) => ('sequence' in each ? [each.sequence] : []))
    expect(numbers).toEqual([1, 2, 3])
    expect(wire.state()).toEqual(stage.scene.replica.state())
  })

  test('who comes back soon is given what it missed, and nothing twice', () => {
    const stage = new Stage()
    stage.move()
    const before = stage.join()
    stage.move()
    before.joined.leave()
    stage.move()
    stage.move()

    const { wire } = stage.join({ run: 'run-1', sequence: 2 })

    expect(wire.messages.map((each) => ('sequence' in each ? each.sequence : 0))).toEqual([4, 3, 4])
    expect(wire.kinds()).toEqual(['resumed', 'change', 'change'])
  })

  test.each([
    { name: 'after a restart', after: { run: 'run-0', sequence: 1 } },
    { name: 'too late', after: { run: 'run-1', sequence: 1 } },
    { name: 'from the future', after: { run: 'run-1', sequence: 9_999 } },
  ])('who comes back $name starts anew', ({ after }) => {
    const stage = new Stage()
    for (let moves = 0; moves < 700; moves++) stage.move()

    const { wire } = stage.join(after)

    expect(wire.kinds()).toEqual(['snapshot'])
  })

  test('who is slow is sent fewer changes, and then where things stand', () => {
    const stage = new Stage()
    stage.move()
    const { wire } = stage.join()

    wire.waiting = 300_000
    stage.move()
    stage.scene.offer('rain')
    stage.move()
    wire.waiting = 0
    stage.move()

    expect(wire.kinds()).toEqual(['snapshot', 'snapshot'])
    expect(wire.state()).toEqual(stage.scene.replica.state())
  })

  test('who does not read at all is dropped, and nothing is kept for it', () => {
    const stage = new Stage()
    stage.move()
    const { wire } = stage.join()

    wire.waiting = 3_000_000
    stage.move()

    expect(wire.closed).toBe('stalled')
    expect(stage.hub.counts).toEqual({ watchers: 0, dropped: 1 })
  })

  test('who has not said for half a minute that it follows is dropped', () => {
    const stage = new Stage()
    stage.move()
    const quiet = stage.join()
    const heard = stage.join()

    stage.clock.ms += 29_000
    heard.joined.hear('{"seen":true}')
    stage.clock.ms += 2_000
    stage.move()

    expect(quiet.wire.closed).toBe('stalled')
    expect(heard.wire.closed).toBeUndefined()
  })

  test('is sent the books it looks at, once for each change of them', () => {
    const stage = new Stage()
    stage.move()
    const { wire, joined } = stage.join()

    joined.hear('{"watch":["polymarket:rain"]}')
    expect([...stage.hub.watched()]).toEqual(['polymarket:rain'])
    stage.scene.observer.look([{ venue: 'polymarket', market: marketOf('rain').id }])
    stage.move()
    stage.move()
    stage.scene.offer('rain')
    stage.move()

    expect(wire.kinds().filter((kind) => kind === 'books')).toHaveLength(2)
  })

  test.each(['nonsense', '{"watch":"all"}', '{"watch":[],"more":1}', ''])(
    'who says %s is hung up on',
    (text) => {
      const stage = new Stage()
      stage.move()
      const { wire, joined } = stage.join()

      joined.hear(text)

      expect(wire.closed).toBe('bad-request')
      expect(stage.hub.counts.watchers).toBe(0)
    },
  )

  test('beyond five hundred is turned away', () => {
    const stage = new Stage()
    stage.move()
    for (let count = 0; count < 500; count++) stage.join()

    const { wire } = stage.join()

    expect(wire.closed).toBe('too-many')
    expect(stage.hub.counts.watchers).toBe(500)
  })
})
