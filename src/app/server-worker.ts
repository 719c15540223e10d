/** The API and the dashboard in a thread of their own, so that readers cost the engine nothing. */
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'
import { BacktestFolder } from '../server/backtest-folder.ts'
import { Access } from '../server/access.ts'
import { PortError, startServer } from '../server/http-server.ts'
import type { HttpServer } from '../server/http-server.ts'
import { JournalSearch } from '../server/journal-search.ts'
import { LogTail } from '../server/log-tail.ts'
import { PairDesk } from '../server/pair-desk.ts'
import { Replica } from '../server/replica.ts'
import { StreamHub } from '../server/stream-hub.ts'
import { EngineLine } from './engine-line.ts'
import { backtestsFolder } from './keep-backtest.ts'
import { thisMachine } from './machine.ts'
import { keepInFiles, keepInMemory, loadRejections } from './pair-keeper.ts'
import type { ServerStart, ToServer } from './server-messages.ts'
import { suggestInThread } from './suggest-in-thread.ts'

assert(parentPort !== null, 'this file is the start of a thread')
const start = workerData as ServerStart
const { clock, timers } = thisMachine
const line = new EngineLine(parentPort, { clock, timers })
const replica = new Replica(start.run, start.kept)
const hub = new StreamHub(replica, start.run.id, clock)
const access = new Access(start.tokens, clock)
const logs = new LogTail()
const isSimulated = start.run.badge === 'SIMULATED'
const pairs = new PairDesk({
  replica,
  clock,
  register: start.register,
  rejections: isSimulated ? [] : loadRejections(start.dataFolder),
  suggest: suggestInThread,
  keep: isSimulated ? keepInMemory : keepInFiles(start.dataFolder, start.registerFile),
})

const server = await listen()
parentPort.on('message', (message: ToServer) => onMessage(message))
if (server !== undefined) {
  const loginUrl = `${server.url}/login?code=${access.issueCode('control')}`
  line.say({ kind: 'listening', url: server.url, port: server.port, loginUrl })
}

async function listen(): Promise<HttpServer | undefined> {
  try {
    return await startServer({
      host: start.host,
      port: start.port,
      allowedHosts: start.allowedHosts,
      dashboardFolder: start.dashboardFolder,
      version: start.run.version,
      parts: {
        replica,
        hub,
        access,
        logs,
        clock,
        pairs,
        backtests: new BacktestFolder(path.join(start.dataFolder, backtestsFolder)),
        journal: new JournalSearch(start.journal),
        control: (command) => line.ask({ kind: 'command', command }),
        health: () => line.health(),
        failed: (error) => line.say({ kind: 'bug', error }),
        config: start.config,
      },
      exposition: () => line.ask({ kind: 'exposition' }),
      notAlive: () => line.notAlive(),
      notReady: () => line.notReady,
    })
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    line.say({ kind: 'failed', code: error.code, message: error.message })
    return undefined
  }
}

function onMessage(message: ToServer): void {
  switch (message.kind) {
    case 'digest':
      line.heard(message.notReady)
      replica.apply(message.digest)
      hub.publish()
      line.look(hub.watched())
      return
    case 'listing':
      replica.learn(message.listing)
      return
    case 'log':
      logs.add(message.line)
      return
    case 'reply':
      line.answered(message.id, message.value)
      return
    case 'stop':
      void stop()
      return
  }
}

async function stop(): Promise<void> {
  await server?.stop()
  line.say({ kind: 'stopped' })
}
