import type { Timers } from '../ports/clock.ts'
import { VenueError } from '../venues/venue-error.ts'
import { UnreachableError } from './unreachable-error.ts'

/** A start that has not come about by then will not: the hosts are up, or they are not. */
const patienceMs = 15_000

export type StartWanted = {
  readonly timers: Timers
  readonly hosts: readonly string[]
  /** Left out: fifteen seconds. */
  readonly startMsMax?: number | undefined
}

/**
 * Waits for what venues have to answer, but not for ever, and says which host failed.
 *
 * `hosts` are those it depends on, the first needed first.
 */
export function withinDeadline<T>(
  work: Promise<T>,
  { timers, hosts, startMsMax = patienceMs }: StartWanted,
): Promise<T> {
  const [firstHost = 'the venue'] = hosts
  return new Promise((resolve, reject) => {
    const cancel = timers.after(startMsMax, () => {
      reject(new UnreachableError(firstHost, `no answer in ${startMsMax / 1000} s`, undefined))
    })
    work
      .then(resolve, (error: unknown) => reject(explained(error, hosts)))
      .finally(cancel)
      .catch(reject)
  })
}

function explained(error: unknown, hosts: readonly string[]): Error {
  if (error instanceof VenueError) {
    const host = hosts.find((each) => error.call.includes(each)) ?? hosts[0] ?? error.venue
    return new UnreachableError(host, reasonOf(error), error)
  }
  return error instanceof Error ? error : new Error(String(error))
}

/** The system's own code, where there is one: it says more than ours. */
function reasonOf(error: VenueError): string {
  let cause: unknown = error.cause
  while (cause instanceof Error) {
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z_]+$/.test(cause.code)) {
      return cause.code
    }
    cause = cause.cause
  }
  return error.code
}
