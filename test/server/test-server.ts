import { tmpdir } from 'node:os'
import { onTestFinished } from 'vitest'
import type { Command } from '../../src/engine/event.ts'
import type { ApiParts } from '../../src/server/api-parts.ts'
import type { HttpServer, ServerOptions } from '../../src/server/http-server.ts'
import { startServer } from '../../src/server/http-server.ts'
import type { Replica } from '../../src/server/replica.ts'
import type { HandClock } from './api-scene.ts'
import { ApiScene, tokens } from './api-scene.ts'

export type TestServer = HttpServer & {
  readonly parts: ApiParts
  readonly clock: HandClock
  /** What reached the engine. */
  readonly commands: readonly Command[]
}

/** A server with a replica that has heard of its engine once. It stops with the test. */
export async function serve(
  options: Partial<ServerOptions> = {},
  replica?: Replica,
): Promise<TestServer> {
  const { parts, clock, commands } = new ApiScene(replica)
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

export const reading: RequestInit = { headers: { authorization: `Bearer ${tokens.read}` } }
export const acting: RequestInit = {
  method: 'POST',
  headers: { authorization: `Bearer ${tokens.control}`, 'content-type': 'application/json' },
}
