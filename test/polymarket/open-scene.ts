import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { WebSocketServer } from 'ws'
import type { ExchangeOptions } from '../../src/exchange-sim/exchange.ts'
import type { Fate, LossyProxy } from './lossy-proxy.ts'
import { startLossyProxy } from './lossy-proxy.ts'
import { TradingScene } from './trading-scene.ts'

export type Opening = {
  open(options?: Partial<ExchangeOptions>): Promise<TradingScene>
  /** A host in front of the scene's own that loses and delays. */
  proxied(scene: TradingScene, fateOf: (call: string, count: number) => Fate): Promise<LossyProxy>
  /** A user channel that takes everybody and never says a word. */
  deafChannel(): Promise<string>
}

/** Opens what tests need, and closes it after each of them. */
export function openingForEach(): Opening {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return {
    async open(options = {}) {
      const scene = await TradingScene.open(options)
      closing.push(() => scene.close())
      return scene
    },
    async proxied(scene, fateOf) {
      const proxy = await startLossyProxy(scene.exchange.urls.clob, fateOf)
      closing.push(() => proxy.stop())
      return proxy
    },
    async deafChannel() {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
      await new Promise((resolve) => {
        server.once('listening', resolve)
      })
      closing.push(() => {
        for (const socket of server.clients) socket.terminate()
        server.close()
        return Promise.resolve()
      })
      return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
  }
}
