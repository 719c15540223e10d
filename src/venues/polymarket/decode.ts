import { EventBatch } from './event-batch.ts'
import { readJson } from './read-json.ts'
import type { TokenTable } from './token-table.ts'

/** How a frame was read: by which layer, or why it was not. */
export type Reading = 'template' | 'scanner' | 'schema' | 'text' | 'refused'

/** Notices that the venue sends as bare words. docs/venues/polymarket.md, 4.2. */
const notices: readonly string[] = ['PONG', 'NO NEW ASSETS', 'INVALID OPERATION']

/**
 * Reads frames of the market channel into one batch, by the fastest layer that can.
 *
 * The batch holds the whole frame or, when the frame is refused, nothing.
 */
export class FrameDecoder {
  readonly batch: EventBatch = new EventBatch()
  readonly #tokens: TokenTable
  /** Why the last frame was refused, or the notice it was. */
  reason: string = ''
  templateCount: number = 0
  scannerCount: number = 0
  schemaCount: number = 0

  constructor(tokens: TokenTable) {
    this.#tokens = tokens
  }

  decode(bytes: Uint8Array): Reading {
    this.batch.clear()
    return this.#bySchema(bytes)
  }

  #bySchema(bytes: Uint8Array): Reading {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
    const notice = text.trim()
    if (notices.includes(notice)) {
      this.reason = notice
      return 'text'
    }

    const refusal = readJson(text, this.batch, this.#tokens)
    if (refusal !== undefined) {
      this.batch.clear()
      this.reason = refusal
      return 'refused'
    }
    this.schemaCount++
    return 'schema'
  }
}
