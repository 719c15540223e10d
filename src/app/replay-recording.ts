import type { ReplayResult } from '../journal/replay-journal.ts'
import { listParts } from '../journal/recording.ts'
import type { ReplayRequest } from './replay.ts'
import { replayDirectory } from './replay.ts'

/** As that of a journal; the records of a difference are those of the part that it names. */
export type ReplayedRecording = ReplayResult & {
  readonly parts: number
  /** Where the first difference is. Null when there is none. */
  readonly differsIn: string | null
}

/**
 * Replays every part of a recording, each with a kernel of its own, as it was recorded.
 *
 * A journal is a recording of one part.
 */
export async function replayRecording(request: ReplayRequest): Promise<ReplayedRecording> {
  let replayed: ReplayedRecording = {
    events: 0,
    effects: 0,
    divergence: null,
    effectDivergence: null,
    faults: [],
    parts: 0,
    differsIn: null,
  }
  for (const { directory } of await listParts(request.directory)) {
    const { events, effects, divergence, effectDivergence, faults } = await replayDirectory({
      ...request,
      directory,
    })
    replayed = {
      events: replayed.events + events,
      effects: replayed.effects + effects,
      divergence: replayed.divergence ?? divergence,
      effectDivergence: replayed.effectDivergence ?? effectDivergence,
      faults: [...replayed.faults, ...faults],
      parts: replayed.parts + 1,
      differsIn: replayed.differsIn ?? (divergence === null ? null : directory),
    }
  }
  return replayed
}
