import { Worker } from 'node:worker_threads'
import type { ExchangeOptions, ExchangeUrls } from '../exchange-sim/exchange.ts'
import type { CrossPair, Truth } from '../exchange-sim/truth.ts'

/** An exchange that runs in a thread of its own. */
export type SimulatedExchange = {
  readonly urls: ExchangeUrls
  /** What is asked on both venues, and what only seems to be. */
  readonly pairs: readonly CrossPair[]
  /** Rejects when the exchange breaks down. Never resolves. */
  readonly broken: Promise<never>
  /** Ends it, and gives what only the exchange knows. Asked again, it gives the same. */
  stop(): Promise<Truth>
}

/** What the thread says: the two ends of it are one program, so nothing is parsed here. */
type Message =
  | {
      readonly kind: 'started'
      readonly urls: ExchangeUrls
      readonly pairs: readonly CrossPair[]
    }
  | { readonly kind: 'stopped'; readonly truth: Truth }

export async function startSimulatedExchange(options: ExchangeOptions): Promise<SimulatedExchange> {
  const sources = import.meta.url.endsWith('.ts')
  const file = sources ? './exchange-worker.ts' : './exchange-worker.js'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: options })
  const broken = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the exchange ended by itself with ${code}`)))
  })
  // Whoever waits for an answer hears of it; nobody has to be waiting.
  broken.catch((error: unknown) => error)

  const { urls, pairs } = await Promise.race([answer(worker, 'started'), broken])
  let stopping: Promise<Truth> | undefined
  return {
    urls,
    pairs,
    broken,
    stop() {
      stopping ??= Promise.race([truthOf(worker), broken])
      // Only now: a thread that is ended counts as broken down.
      return stopping.finally(() => void worker.terminate())
    },
  }
}

async function truthOf(worker: Worker): Promise<Truth> {
  const stopped = answer(worker, 'stopped')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage('stop')
  return (await stopped).truth
}

function answer<Kind extends Message['kind']>(
  worker: Worker,
  kind: Kind,
): Promise<Extract<Message, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: Message) => {
      if (message.kind === kind) resolve(message as Extract<Message, { kind: Kind }>)
      else reject(new Error(`the exchange said "${message.kind}" and not "${kind}"`))
    })
  })
}
