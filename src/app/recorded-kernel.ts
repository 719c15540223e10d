import type { FeedCodec } from '../ports/feed-codec.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import { loadSolver } from './highs-solver.ts'
import type { JournalHeader } from './journal-header.ts'
import type { Kernel, KernelOptions } from './kernel.ts'
import { createKernel } from './kernel.ts'
import { makeCodec } from './make-venues.ts'

type Rest = Pick<KernelOptions, 'obey'> &
  Partial<Pick<KernelOptions, 'journal' | 'plugins' | 'seed' | 'limits' | 'solver'>> & {
    /** Somebody may listen to what a decoder does. Left out: nobody does. */
    readonly tap?: (codec: FeedCodec) => FeedCodec
  }

/** The kernel that a journal's header describes, without the venues it was fed by. */
export async function recordedKernel(header: JournalHeader, rest: Rest): Promise<Kernel> {
  const { tap = (codec) => codec } = rest
  return createKernel({
    ...rest,
    config: header.config,
    live: header.live,
    relations: header.relations,
    register: header.register,
    codecs: header.venues.map((venue) => tap(makeCodec(venue, header.dialect))),
    metrics: new MetricRegistry(metricCatalog),
    solver: rest.solver ?? (await loadSolver()),
  })
}
