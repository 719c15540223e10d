/** Unpacks segments, one after another, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'
import type { SegmentFile } from '../journal/segment.ts'
import { pieceBytes, UnpackingError, unpackSegment } from '../journal/unpack-segment.ts'
import type { UnpackingMessage } from './unpack-in-thread.ts'

/** Pieces that are ready or in use. More would not be warm in the cache any more. */
const piecesMax = 5

assert(parentPort !== null, 'this file is the start of a thread')
const port = parentPort
const free: ArrayBuffer[] = Array.from({ length: piecesMax }, () => new ArrayBuffer(pieceBytes))
const waiting: ((memory: ArrayBuffer) => void)[] = []
port.on('message', (returned: readonly ArrayBuffer[]) => {
  for (const memory of returned) {
    const taker = waiting.shift()
    if (taker === undefined) free.push(memory)
    else taker(memory)
  }
})

for (const file of workerData as readonly SegmentFile[]) await unpack(file)
port.close()

async function unpack(file: SegmentFile): Promise<void> {
  const { path } = file
  try {
    for await (const piece of unpackSegment(file)) {
      const memory = free.pop() ?? (await new Promise<ArrayBuffer>((take) => waiting.push(take)))
      new Uint8Array(memory).set(piece)
      say({ kind: 'piece', path, memory, length: piece.length }, [memory])
    }
    say({ kind: 'end', path })
  } catch (error) {
    if (!(error instanceof UnpackingError)) throw error
    say({ kind: 'fault', path, fault: error.message })
  }
}

function say(message: UnpackingMessage, moved: ArrayBuffer[] = []): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  port.postMessage(message, moved)
}
