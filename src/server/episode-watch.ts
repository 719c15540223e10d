import type { EngineView } from '../engine/engine-view.ts'
import type { Episode } from '../engine/episodes.ts'
import type { EpisodeSight } from './digest.ts'

/** Tells which episodes have changed since they were last told. */
export class EpisodeWatch {
  readonly #view: EngineView
  readonly #max: number
  /** Those that last, with what was told of them. */
  readonly #told: Map<Episode, string> = new Map()
  #lastEnded: Episode | undefined

  constructor(view: EngineView, max: number) {
    this.#view = view
    this.#max = max
  }

  take(): readonly EpisodeSight[] {
    const sights: EpisodeSight[] = []
    for (const episode of this.#endedSince()) {
      sights.push(sightOf(episode, !this.#told.has(episode)))
      this.#told.delete(episode)
    }
    for (const episode of this.#view.openEpisodes()) {
      if (sights.length >= this.#max) break
      const facts = factsOf(episode)
      const told = this.#told.get(episode)
      if (told === facts) continue
      this.#told.set(episode, facts)
      sights.push(sightOf(episode, told === undefined))
    }
    return sights
  }

  /** Oldest first. What ended longer ago than the view remembers is not told. */
  #endedSince(): readonly Episode[] {
    const latest = this.#view.endedEpisodes()
    const known = this.#lastEnded === undefined ? -1 : latest.indexOf(this.#lastEnded)
    const fresh = known < 0 ? latest : latest.slice(0, known)
    this.#lastEnded = latest[0] ?? this.#lastEnded
    if (known < 0) this.#forgetEnded(fresh)
    return fresh.slice(0, this.#max).reverse()
  }

  /** So many have ended that some were forgotten: what is told must not keep them for ever. */
  #forgetEnded(fresh: readonly Episode[]): void {
    for (const episode of this.#told.keys()) {
      if (episode.endedBy !== undefined && !fresh.includes(episode)) this.#told.delete(episode)
    }
  }
}

/** What a reader would see differ. The last sight moves with every update, and is not worth it. */
function factsOf({ sightings, attempts, basket, refusal, peakEdgeRate }: Episode): string {
  return `${sightings} ${attempts} ${basket ?? ''} ${refusal ?? ''} ${peakEdgeRate}`
}

function sightOf(episode: Episode, first: boolean): EpisodeSight {
  return {
    number: episode.number,
    strategy: episode.strategy,
    signal: first ? episode.signal : undefined,
    firstSeenAt: episode.firstSeenAt,
    lastSeenAt: episode.lastSeenAt,
    sightings: episode.sightings,
    peakEdgeRate: episode.peakEdgeRate,
    attempts: episode.attempts,
    working: episode.basket !== undefined,
    refusal: episode.refusal,
    endedBy: episode.endedBy,
    endedAt: episode.endedAt,
  }
}
