import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

const Market = z.object({ conditionId: z.string(), clobTokenIds: z.string(), slug: z.string() })
const Message = z.object({ event_type: z.string(), asset_id: z.string().optional() })

let exchange: Exchange
let tokens: readonly string[]

beforeAll(async () => {
  exchange = await startExchange({ seed: 31, faults: [], plants: [] }, thisMachine)
  const reply = await fetch(`${exchange.urls.gamma}/markets?limit=40&active=true`)
  const markets = z.array(Market).parse(await reply.json())
  tokens = markets.flatMap((one) => z.array(z.string()).parse(JSON.parse(one.clobTokenIds)))
})

afterAll(async () => {
  await exchange.stop()
})

/** A client that keeps every frame it gets. */
class Client {
  readonly frames: string[] = []
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.frames.push(data.toString('utf8')))
  }

  static async open(): Promise<Client> {
    const socket = new WebSocket(exchange.urls.marketSocket)
    const client = new Client(socket)
    await new Promise((resolve) => socket.once('open', resolve))
    return client
  }

  say(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The first frame that fits, of those that have come or will. */
  async first(fits: (frame: string) => boolean): Promise<string> {
    for (let waited = 0; waited < 5_000; waited += 10) {
      const frame = this.frames.find(fits)
      if (frame !== undefined) return frame
      await pause(10)
    }
    throw new Error('no such frame came')
  }

  /** Every message so far, those of an array frame one by one. */
  messages(): readonly z.infer<typeof Message>[] {
    return this.frames
      .filter((frame) => /^[[{]/.test(frame))
      .flatMap((frame) => {
        const parsed: unknown = JSON.parse(frame)
        return z.array(Message).parse(Array.isArray(parsed) ? parsed : [parsed])
      })
  }

  close(): void {
    this.#socket.terminate()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

function initial(assets: readonly string[], more: object = {}): object {
  return { assets_ids: assets, type: 'market', ...more }
}

describe('the market channel', () => {
  test('dumps every book that was asked for, in array frames that end with a newline', async () => {
    const client = await Client.open()

    client.say(initial(tokens.slice(0, 60)))
    await client.first((frame) => frame.includes('price_change'))

    const dumps = client.frames.filter((frame) => frame.startsWith('['))
    const books = dumps.flatMap((frame) => z.array(Message).parse(JSON.parse(frame)))
    client.close()
    expect(dumps.every((frame) => frame.endsWith(']\n'))).toBe(true)
    expect(new Set(books.map(({ asset_id }) => asset_id))).toEqual(new Set(tokens.slice(0, 60)))
  })

  test('answers a ping, and says so when nothing new was asked for', async () => {
    const client = await Client.open()
    client.say(initial(tokens.slice(0, 2)))

    client.say('PING')
    client.say({ operation: 'subscribe', assets_ids: tokens.slice(0, 2) })

    expect(await client.first((frame) => frame === 'PONG')).toBe('PONG')
    expect(await client.first((frame) => frame === 'NO NEW ASSETS')).toBe('NO NEW ASSETS')
    client.close()
  })

  test.each([
    { name: 'a second first message', say: initial(['1']) },
    { name: 'an operation it does not know', say: { operation: 'resubscribe', assets_ids: [] } },
    { name: 'text that is no JSON', say: 'hello' },
  ])('refuses $name and stays open', async ({ say }) => {
    const client = await Client.open()
    client.say(initial(tokens.slice(0, 2)))

    client.say(say)

    await client.first((frame) => frame === 'INVALID OPERATION')
    client.say('PING')
    await client.first((frame) => frame === 'PONG')
    client.close()
  })

  test('sends what is subscribed to later, and no more of what is given up', async () => {
    const client = await Client.open()
    const [first = '', , second = ''] = tokens
    client.say(initial([first]))
    await client.first((frame) => frame.includes(first))

    client.say({ operation: 'subscribe', assets_ids: [second] })
    await client.first((frame) => frame.startsWith('[') && frame.includes(second))
    client.say({ operation: 'unsubscribe', assets_ids: [first] })
    client.say('PING')
    await client.first((frame) => frame === 'PONG')
    const before = client.frames.length
    await pause(700)

    const later = client.frames.slice(before)
    client.close()
    expect(later.some((frame) => frame.includes(first))).toBe(false)
  })

  test('dumps nothing when no dump is wanted', async () => {
    const client = await Client.open()

    client.say(initial(tokens, { initial_dump: false }))
    await client.first((frame) => frame.includes('price_change'))

    const kinds = client.frames.map((frame) => frame.slice(0, 1))
    client.close()
    expect(kinds).not.toContain('[')
  })

  test('sends the custom events only to those who ask for them', async () => {
    const plain = await Client.open()
    const custom = await Client.open()
    plain.say(initial(tokens))
    custom.say(initial(tokens, { custom_feature_enabled: true }))

    await custom.first((frame) => frame.includes('"event_type":"best_bid_ask"'))
    await pause(200)

    const kinds = new Set(plain.messages().map(({ event_type }) => event_type))
    plain.close()
    custom.close()
    expect(kinds).not.toContain('best_bid_ask')
    expect(kinds).toContain('price_change')
  })
})

test('a socket on another path is refused', async () => {
  const socket = new WebSocket(exchange.urls.marketSocket.replace('market', 'nowhere'))

  const message = await new Promise((resolve) => {
    socket.once('error', (error) => resolve(error.message))
  })

  expect(message).toBe('Unexpected server response: 404')
})
