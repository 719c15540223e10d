import { tmpdir } from 'node:os'
import path from 'node:path'
import type { EpochMs, Nanos } from '../../src/core/units.ts'
import type { Command } from '../../src/engine/event.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { suggestPairs } from '../../src/propositions/suggest.ts'
import type { Tokens } from '../../src/server/access.ts'
import { Access } from '../../src/server/access.ts'
import type { ApiParts } from '../../src/server/api-parts.ts'
import { BacktestFolder } from '../../src/server/backtest-folder.ts'
import { JournalSearch } from '../../src/server/journal-search.ts'
import { LogTail } from '../../src/server/log-tail.ts'
import { PairDesk } from '../../src/server/pair-desk.ts'
import { Replica } from '../../src/server/replica.ts'
import { StreamHub } from '../../src/server/stream-hub.ts'
import { digestAt, run, startMs } from './digests.ts'

export const tokens: Tokens = { read: 'r'.repeat(43), control: 'c'.repeat(43) }

/** A clock that a test moves. */
export class HandClock implements Clock {
  ms: number = startMs

  epochMs(): EpochMs {
    return this.ms as EpochMs
  }

  nanos(): Nanos {
    return ((this.ms - startMs) * 1e6) as Nanos
  }
}

/** Everything the API is made of, without a server and without an engine. */
export class ApiScene {
  readonly clock: HandClock = new HandClock()
  /** What reached the engine. */
  readonly commands: Command[] = []
  readonly parts: ApiParts

  constructor(replica: Replica = newReplica()) {
    const { clock, commands } = this
    const hub = new StreamHub(replica, run.id, clock)
    hub.publish()
    this.parts = {
      replica,
      hub,
      clock,
      pairs: new PairDesk({
        replica,
        clock,
        register: [],
        rejections: [],
        suggest: async (first, second) => suggestPairs(first, second),
        keep: { confirm: () => 'kept', reject: () => 'kept' },
      }),
      backtests: new BacktestFolder(path.join(tmpdir(), 'no-such-folder')),
      journal: new JournalSearch(undefined),
      access: new Access(tokens, clock),
      logs: new LogTail(),
      control: async (command) => {
        commands.push(command)
        return { done: true, message: `${command.kind} was done` }
      },
      health: async () => ({ atMs: clock.ms, histograms: [], metrics: [] }),
      failed: (error) => {
        throw error
      },
      config: { mode: 'paper' },
    }
  }
}

/** Of a run that has been heard of once. */
function newReplica(): Replica {
  const replica = new Replica(run)
  replica.apply(digestAt(0))
  return replica
}
