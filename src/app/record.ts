import { statfsSync } from 'node:fs'

import { assert } from '../core/assert.ts'
import { plantableKinds } from '../exchange-sim/plant-kinds.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import { createLog } from '../telemetry/create-log.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import type { Config } from './config.ts'
import { openDemo } from './demo.ts'
import type { LoadedConfig } from './load-config.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import type { JournalEnd } from './open-journal.ts'
import type { Retention, StoredPart } from './record-folder.ts'
import {
  folderOf,
  lockFolder,
  partsToRemove,
  processOwners,
  removePart,
  storedParts,
} from './record-folder.ts'
import type { PartEnd } from './record-notes.ts'
import { RecordedPart } from './record-part.ts'
import { endOfPart } from './record-span.ts'
import type { RecordStatus } from './record-status.ts'
import { RecordMeter } from './record-status.ts'
import { withoutStrategies } from './record-without-strategies.ts'
import { withinDeadline } from './start-deadline.ts'
import { UnreachableError } from './unreachable-error.ts'
import type { Venue } from './venue.ts'

export type RecordRequest = {
  readonly machine: Machine
  readonly configFile: string | undefined
  /** A folder of its own. What is in it already stays, and is gone on with. */
  readonly into: string
  /** With it a simulated exchange is recorded, made from this seed. */
  readonly demoSeed: number | undefined
  readonly forMs: number | undefined
  readonly limits: RecordLimits
  readonly stop: AbortSignal
  readonly watcher: RecordWatcher
}

export type RecordLimits = Retention & {
  /** A new part begins so often. Each stands alone, and is the least that retention removes. */
  readonly partMs: number
  /** Recording ends when less is free on the disk. */
  readonly freeBytesMin: number
  /** What happens at `bytesMax`: the oldest parts make room, or recording ends. */
  readonly whenFull: 'remove-oldest' | 'stop'
}

export type RecordWatcher = {
  readonly statusEveryMs: number
  progress(text: string): void
  status(status: RecordStatus): void
}

export type RecordSummary = Omit<RecordStatus, 'part' | 'feeds'> & {
  readonly into: string
  readonly endedBy: PartEnd
}

const lookEveryMs = 250
/** How long the next part is given to get its books before the one before it lets go. */
const overlapMs = 5_000
/** After a part could not begin, the one before it goes on for so long. */
const retryMs = 60_000
/** So that a limit of bytes can be kept by removing parts, one is not larger than this share. */
const partsOfBytesMax = 4

/**
 * Keeps the public feeds of the configured venues as a recording, and trades nothing.
 *
 * A recording is a folder of parts, each a journal that stands alone. A part begins while the one
 * before it still runs, so that nothing is missed between them.
 */
export async function runRecorder(request: RecordRequest): Promise<RecordSummary> {
  const { machine, into, demoSeed, configFile, watcher } = request
  const release = await lockFolder(folderOf(machine, into), processOwners)
  try {
    if (demoSeed === undefined) {
      const { folder, environment } = machine
      const loaded = loadConfig({ file: configFile, folder, environment, overrides: [] })
      return await record(request, loaded, (log) => makeVenues(loaded.config, machine, log))
    }
    watcher.progress(`starting a simulated exchange, seed ${demoSeed}`)
    const { exchange, loaded, credentials } = await openDemo({
      machine,
      configFile,
      overrides: [],
      seed: demoSeed,
      faults: [],
      plants: plantableKinds,
    })
    try {
      const made = (log: RoomLog): readonly Venue[] =>
        makeVenues(loaded.config, machine, log, credentials)
      return await Promise.race([record(request, loaded, made), exchange.broken])
    } finally {
      await exchange.stop()
    }
  } finally {
    release()
  }
}

async function record(
  request: RecordRequest,
  loaded: LoadedConfig,
  venues: (log: RoomLog) => readonly Venue[],
): Promise<RecordSummary> {
  const recorder = new Recorder(request, loaded, venues)
  try {
    await recorder.begin()
    return await recorder.untilOver()
  } finally {
    await recorder.close('failed')
  }
}

class Recorder {
  readonly #request: RecordRequest
  readonly #loaded: LoadedConfig
  readonly #trading: Config['strategies']
  readonly #makeVenues: (log: RoomLog) => readonly Venue[]
  readonly #folder: string
  readonly #meter: RecordMeter
  #part: RecordedPart | undefined
  #journalEnd: JournalEnd | undefined
  #failure: { readonly error: unknown } | undefined
  #nextPartAtMs = 0
  #statusAtMs = 0

  constructor(
    request: RecordRequest,
    loaded: LoadedConfig,
    venues: (log: RoomLog) => readonly Venue[],
  ) {
    this.#request = request
    this.#trading = loaded.config.strategies
    this.#loaded = { ...loaded, config: withoutStrategies(loaded.config) }
    this.#makeVenues = venues
    this.#folder = folderOf(request.machine, request.into)
    this.#meter = new RecordMeter(request.machine.clock)
  }

  async begin(): Promise<void> {
    const { machine, watcher } = this.#request
    const before = (await storedParts(this.#folder)).at(-1)
    const untilMs = before === undefined ? undefined : await endOfPart(before.directory)
    this.#part = await this.#newPart()
    if (untilMs === undefined) return
    const fromMs = untilMs
    const nowMs = machine.clock.epochMs()
    this.#part.note({ note: 'gap', fromMs, untilMs: nowMs, reason: 'not-recording' })
    this.#meter.countGap()
    const seconds = Math.round((nowMs - fromMs) / 1_000)
    watcher.progress(`going on with ${this.#folder}, after ${seconds} s that were not recorded`)
  }

  async untilOver(): Promise<RecordSummary> {
    const { machine, forMs, stop } = this.#request
    const endAtMs = machine.clock.epochMs() + (forMs ?? Number.POSITIVE_INFINITY)
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      const parts = await this.#retain()
      const reason = this.#endReason(parts, endAtMs)
      if (reason !== undefined) return this.#finish(reason)
      // A part that would end as it begins holds nothing that the one before it does not.
      if (endAtMs - machine.clock.epochMs() > overlapMs) await this.#nextPartIfDue(parts)
      await this.#tell()
      await pause(machine, lookEveryMs, stop)
    }
  }

  /** Closes what is open, if anything is. */
  async close(reason: PartEnd): Promise<void> {
    await this.#part?.close(reason)
  }

  async #finish(reason: PartEnd): Promise<RecordSummary> {
    const part = this.#current
    const live = this.#meter.status(part, await storedParts(this.#folder), this.#diskLeft())
    await part.close(reason)
    // Now that nothing is left to compress.
    const stored = await storedParts(this.#folder)
    const { part: _part, feeds: _feeds, ...figures } = live
    return { ...figures, ...this.#meter.sizes(stored, part), into: this.#folder, endedBy: reason }
  }

  get #current(): RecordedPart {
    assert(this.#part !== undefined, 'a recorder has begun')
    return this.#part
  }

  #endReason(parts: readonly StoredPart[], endAtMs: number): PartEnd | undefined {
    const { machine, stop, limits } = this.#request
    if (this.#journalEnd !== undefined) return this.#journalEnd
    if (stop.aborted) return 'stopped'
    if (machine.clock.epochMs() >= endAtMs) return 'time-is-up'
    if (limits.whenFull === 'remove-oldest') return undefined
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    return bytes > (limits.bytesMax ?? Number.POSITIVE_INFINITY) ? 'bytes-limit' : undefined
  }

  /** Removes what may not stay, and gives what does. */
  async #retain(): Promise<readonly StoredPart[]> {
    const { machine, limits } = this.#request
    const parts = await storedParts(this.#folder)
    const bytesMax = limits.whenFull === 'remove-oldest' ? limits.bytesMax : undefined
    const retention = { keepMs: limits.keepMs, bytesMax }
    const gone = partsToRemove(parts, retention, machine.clock.epochMs())
    for (const part of gone) {
      await removePart(part)
      this.#meter.countRemoved()
      this.#request.watcher.progress(`removed ${part.directory}: beyond what shall be kept`)
    }
    return parts.slice(gone.length)
  }

  async #nextPartIfDue(parts: readonly StoredPart[]): Promise<void> {
    const { machine, limits, watcher, stop } = this.#request
    const before = this.#current
    const bytesMax = (limits.bytesMax ?? Number.POSITIVE_INFINITY) / partsOfBytesMax
    const isDue = machine.clock.epochMs() >= this.#nextPartAtMs
    if (!isDue && (parts.at(-1)?.bytes ?? 0) < bytesMax) return
    try {
      this.#part = await this.#newPart()
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      this.#nextPartAtMs = machine.clock.epochMs() + retryMs
      watcher.progress(`no new part yet: ${error.message}`)
      return
    }
    await pause(machine, Math.min(overlapMs, limits.partMs / 2), stop)
    this.#meter.endPart(before)
    await before.close('next-part')
  }

  async #newPart(): Promise<RecordedPart> {
    const { machine, limits, watcher } = this.#request
    const log = logTo(watcher, this.#loaded)
    const part = await RecordedPart.open({
      machine,
      loaded: this.#loaded,
      trading: this.#trading,
      venues: this.#makeVenues(log),
      folder: this.#folder,
      freeBytesMin: limits.freeBytesMin,
      log,
      tell: (event) => {
        if (event.kind === 'progress') watcher.progress(event.text)
        if (event.kind === 'connection' && event.change === 'lost') this.#meter.countGap()
      },
      onEnd: (reason) => (this.#journalEnd ??= reason),
      fail: (error) => (this.#failure ??= { error }),
    })
    this.#nextPartAtMs = part.startedAtMs + limits.partMs
    const { timers } = machine
    try {
      await withinDeadline(part.start(), { timers, hosts: hostsOf(this.#loaded.config) })
    } catch (error) {
      await part.close('failed')
      // A part without a frame is worth nothing, and the next attempt makes another.
      if (part.frameCount === 0) await removePart(part)
      throw error
    }
    return part
  }

  async #tell(): Promise<void> {
    const { machine, watcher } = this.#request
    const nowMs = machine.clock.epochMs()
    if (nowMs - this.#statusAtMs < watcher.statusEveryMs) return
    this.#statusAtMs = nowMs
    const stored = await storedParts(this.#folder)
    watcher.status(this.#meter.status(this.#current, stored, this.#diskLeft()))
  }

  /** What may still be written until recording ends. */
  #diskLeft(): number {
    const { bavail, bsize } = statfsSync(this.#folder)
    return Math.max(0, bavail * bsize - this.#request.limits.freeBytesMin)
  }
}

function pause({ timers }: Machine, forMs: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      stop.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.after(forMs, end)
    stop.addEventListener('abort', end)
  })
}

/** Warnings are told where progress is. */
function logTo(watcher: RecordWatcher, { config, secrets }: LoadedConfig): RoomLog {
  const filter = parseLogFilter(config.log.level)
  assert(filter !== undefined, 'the schema lets only a level through that reads')
  const write = (line: string): void => watcher.progress(line.trimEnd())
  return createLog({ filter, destination: { write }, secrets })
}
