import { EventBatch } from './event-batch.ts'
import { readJson } from './read-json.ts'
import { FrameScanner } from './scan.ts'
import { FrameTemplates } from './template.ts'
import type { TokenTable } from './token-table.ts'

/** How a frame was read: by which layer, or why it was not. */
export type Reading = 'template' | 'scanner' | 'schema' | 'text' | 'refused'

/** Notices that the venue sends as bare words. docs/venues/polymarket.md, 4.2. */
const notices: readonly string[] = ['PONG', 'NO NEW ASSETS', 'INVALID OPERATION']

/** Bytes that the fast layers may read after a frame, to compare eight at a time. */
const slack = 128

/**
 * Reads frames of the market channel into one batch, by the fastest layer that can.
 *
 * Template, scanner, schema: each gives the same result as the next or none. How many frames each
 * has read is counted, for a change of the venue's habits shows in these counts first.
 * The batch holds the whole frame or, when the frame is refused, nothing.
 */
export class FrameDecoder {
  readonly batch: EventBatch = new EventBatch()
  readonly #tokens: TokenTable
  readonly #templates: FrameTemplates
  readonly #scanner: FrameScanner
  /** Why the last frame was refused, or the notice it was. */
  reason: string = ''
  templateCount: number = 0
  scannerCount: number = 0
  schemaCount: number = 0

  /** Frames are read where they lie when their memory is one we know, else from a copy here. */
  #copy: Uint8Array = new Uint8Array(64 * 1024)
  #copyView: DataView = viewOf(this.#copy)
  #bytes: Uint8Array = this.#copy
  #view: DataView = this.#copyView
  #start = 0
  #lastBuffer: ArrayBufferLike | undefined

  constructor(tokens: TokenTable) {
    this.#tokens = tokens
    this.#templates = new FrameTemplates(this.batch, tokens)
    this.#scanner = new FrameScanner(this.batch, tokens)
  }

  decode(bytes: Uint8Array): Reading {
    const { batch } = this
    batch.clear()
    if (bytes.length === 0) return this.#bySchema(bytes)

    this.#place(bytes)
    const end = this.#start + bytes.length
    if (this.#byTemplate(end)) {
      this.templateCount++
      return 'template'
    }
    batch.clear()
    if (this.#scanner.read(this.#view, this.#bytes, this.#start, end)) {
      this.scannerCount++
      return 'scanner'
    }
    batch.clear()
    return this.#bySchema(bytes)
  }

  #byTemplate(end: number): boolean {
    try {
      return this.#templates.read(this.#view, this.#start, end)
    } catch (error) {
      // A broken frame was followed by bytes that seemed to go on with it, to the end of memory.
      if (error instanceof RangeError) return false
      throw error
    }
  }

  /** Finds the frame's memory: in place when it is the memory of the last frame, or in a copy. */
  #place(bytes: Uint8Array): void {
    const { buffer, byteOffset, length } = bytes
    if (buffer === this.#view.buffer && byteOffset + length + slack <= buffer.byteLength) {
      this.#start = byteOffset
      return
    }
    if (this.#lastBuffer === buffer && byteOffset + length + slack <= buffer.byteLength) {
      // Seen twice, it will be seen again: worth a view of its own.
      this.#bytes = new Uint8Array(buffer)
      this.#view = viewOf(this.#bytes)
      this.#start = byteOffset
      return
    }
    this.#lastBuffer = buffer
    if (length + slack > this.#copy.length) {
      this.#copy = new Uint8Array(2 * (length + slack))
      this.#copyView = viewOf(this.#copy)
    }
    this.#copy.set(bytes)
    this.#bytes = this.#copy
    this.#view = this.#copyView
    this.#start = 0
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
