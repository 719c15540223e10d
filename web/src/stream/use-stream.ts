import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import type { Context } from 'react'
import type { MarketBooks } from '../../../src/server/schema/market.ts'
import type { RunState } from '../../../src/server/schema/stream.ts'
import type { Phase, StreamStore, StreamView } from './stream-store.ts'

export const StreamContext: Context<StreamStore | undefined> = createContext<
  StreamStore | undefined
>(undefined)

/** A part of what the stream tells. Drawn again only when that part is another one. */
function useView<T>(select: (view: StreamView) => T): T {
  const store = useContext(StreamContext)
  if (store === undefined) throw new Error('a part of the dashboard stands within its stream')
  return useSyncExternalStore(store.subscribe, () => select(store.view()))
}

export function usePhase(): Phase {
  return useView(({ phase }) => phase)
}

/** A part of the state of the run. Only for what is drawn once the first state is there. */
export function useRun<T>(select: (run: RunState) => T): T {
  return useView(({ run }) => {
    if (run === undefined) throw new Error('the state of the run is there before its parts')
    return select(run)
  })
}

export function useHasRun(): boolean {
  return useView(({ run }) => run !== undefined)
}

/** The books of a market, live for as long as they are shown. */
export function useBooks(venue: string, id: string): MarketBooks | undefined {
  const store = useContext(StreamContext)
  const key = `${venue}:${id}`
  useEffect(() => store?.watch(key), [store, key])
  return useView(({ books }) => books.get(key))
}
