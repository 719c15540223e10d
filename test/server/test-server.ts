import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { EpochMs, Nanos } from '../../src/core/units.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Tokens } from '../../src/server/access.ts'
import { Access } from '../../src/server/access.ts'
import type { ApiParts } from '../../src/server/api-parts.ts'
import type { Command } from '../../src/engine/event.ts'
import type { HttpServer, ServerOptions } from '../../src/server/http-server.ts'
import { startServer } from '../../src/server/http-server.ts'
import { BacktestFolder } from '../../src/server/backtest-folder.ts'
import { LogTail } from '../../src/server/log-tail.ts'
import { PairDesk } from '../../src/server/pair-desk.ts'
import { suggestPairs } from '../../src/propositions/suggest.ts'
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

export type TestServer = HttpServer & {
  readonly parts: ApiParts
  readonly clock: HandClock
  /** What reached the engine. */
  readonly commands: readonly Command[]
}

/** A server with a replica that has heard of its engine once. It stops with the test. */
export async function serve(
  options: Partial<ServerOptions> = {},
  replica: Replica = newReplica(),
): Promise<TestServer> {
  const clock = new HandClock()
  const hub = new StreamHub(replica, run.id, clock)
  hub.publish()
  const commands: Command[] = []
  const parts: ApiParts = {
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
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    parts,
    dashboardFolder: tmpdir(),
    version: '0.0.0',
    exposition: async () => 'up 1\n',
    notAlive: () => [],
    notReady: () => [],
    ...options,
  })
  onTestFinished(() => server.stop())
  return { ...server, parts, clock, commands }
}

function newReplica(): Replica {
  const replica = new Replica(run)
  replica.apply(digestAt(0))
  return replica
}

export const reading: RequestInit = { headers: { authorization: `Bearer ${tokens.read}` } }
export const acting: RequestInit = {
  method: 'POST',
  headers: { authorization: `Bearer ${tokens.control}`, 'content-type': 'application/json' },
}
