import { VenueError } from '../venues/venue-error.ts'
import type { Venue } from './venue.ts'

export type Reached<T> = {
  readonly reached: readonly T[]
  readonly failed: readonly { readonly venue: Venue; readonly error: VenueError }[]
}

/**
 * Does something with every venue at once. One that cannot be reached does not stop the others.
 *
 * Rejects with the first failure when none can be reached, and with whatever is no `VenueError`.
 */
export async function reachVenues<T>(
  venues: readonly Venue[],
  work: (venue: Venue) => Promise<T>,
): Promise<Reached<T>> {
  const reached: T[] = []
  const failed: { venue: Venue; error: VenueError }[] = []
  await Promise.all(
    venues.map(async (venue) => {
      try {
        reached.push(await work(venue))
      } catch (error) {
        if (!(error instanceof VenueError)) throw error
        failed.push({ venue, error })
      }
    }),
  )
  const [first] = venues.flatMap((venue) => failed.filter((failure) => failure.venue === venue))
  if (first !== undefined && failed.length === venues.length) throw first.error
  return { reached, failed }
}
