/** The simulated exchange in a thread of its own, so that its work is not in the engine's turns. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'
import type { ExchangeOptions } from '../exchange-sim/exchange.ts'
import { startExchange } from '../exchange-sim/exchange.ts'
import { thisMachine } from './machine.ts'

assert(parentPort !== null, 'this file is the start of a thread')
const port = parentPort
const exchange = await startExchange(workerData as ExchangeOptions, thisMachine)
port.postMessage({ kind: 'started', urls: exchange.urls, pairs: exchange.truth().pairs })
// A listener that stays keeps the thread alive until its last message has been fetched.
port.on('message', () => void stop())

async function stop(): Promise<void> {
  const truth = await exchange.stop()
  port.postMessage({ kind: 'stopped', truth })
}
