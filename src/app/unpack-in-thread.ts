import { Worker } from 'node:worker_threads'
import type { SegmentFile } from '../journal/segment.ts'
import { UnpackingError } from '../journal/unpack-segment.ts'

/** What the thread says: the two ends of it are one program, so nothing is parsed here. */
export type UnpackingMessage =
  | {
      readonly kind: 'piece'
      readonly path: string
      readonly memory: ArrayBuffer
      readonly length: number
    }
  | { readonly kind: 'end'; readonly path: string }
  | { readonly kind: 'fault'; readonly path: string; readonly fault: string }

/** To wake the other thread costs more than anything else here: not for every piece. */
const piecesPerReturn = 2

/** A thread that unpacks segments ahead of whoever uses them. */
export type Unpacking = {
  /** As `unpackSegment`. To be asked for the segments in their order; some may be left out. */
  readonly unpack: (file: SegmentFile) => AsyncGenerator<Buffer>
  readonly stop: () => Promise<unknown>
}

/**
 * Begins to unpack segments in a thread of its own.
 *
 * Memory goes to and fro between the threads, so that nothing is allocated for the millions of
 * bytes that go by, nor collected.
 */
export function unpackInThread(files: readonly SegmentFile[]): Unpacking {
  const sources = import.meta.url.endsWith('.ts')
  const script = sources ? './unpack-worker.ts' : './unpack-worker.js'
  const worker = new Worker(new URL(script, import.meta.url), { workerData: files })
  const arrived: UnpackingMessage[] = []
  let failure: Error | undefined
  let wake: () => void = () => {}
  worker.on('message', (message: UnpackingMessage) => {
    arrived.push(message)
    wake()
  })
  worker.once('error', (error: Error) => {
    failure = error
    wake()
  })

  const next = async (): Promise<UnpackingMessage> => {
    for (;;) {
      const message = arrived.shift()
      if (message !== undefined) return message
      if (failure !== undefined) throw failure
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const used: ArrayBuffer[] = []
  const giveBack = (memory: ArrayBuffer): void => {
    used.push(memory)
    if (used.length < piecesPerReturn) return
    const returned = used.splice(0)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(returned, returned)
  }
  return {
    async *unpack({ path }) {
      for (;;) {
        const message = await next()
        if (message.path !== path) {
          // The rest of a segment that was not read to its end.
          if (message.kind === 'piece') giveBack(message.memory)
          continue
        }
        if (message.kind === 'end') return
        if (message.kind === 'fault') throw new UnpackingError(message.fault)
        try {
          yield Buffer.from(message.memory, 0, message.length)
        } finally {
          giveBack(message.memory)
        }
      }
    },
    stop: () => worker.terminate(),
  }
}
