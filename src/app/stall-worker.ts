/** Watches from a thread beside the engine whether a strategy still answers. */
import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'

const { shared, stallAfterMs } = workerData as {
  readonly shared: Int32Array<SharedArrayBuffer>
  readonly stallAfterMs: number
}
assert(stallAfterMs > 0, 'a look is given some time')

/** How long the main thread has to end the process by itself. */
const graceMs = 2_000
const seen = { look: 0, sinceMs: 0, rung: false }

setInterval(look, Math.min(250, stallAfterMs / 4))

function look(): void {
  const now = performance.now()
  const current = Atomics.load(shared, 0)
  if (current === 0 || current !== seen.look) {
    seen.look = current
    seen.sinceMs = now
    return
  }
  if (seen.rung || now - seen.sinceMs < stallAfterMs) return
  seen.rung = true
  ring()
}

/**
 * Runs the alarm within the loop of the main thread: an endless one leaves no other door open.
 *
 * Where even that does not end the process, it is killed.
 */
function ring(): void {
  const session = new Session()
  session.connectToMainThread()
  const expression = "globalThis[Symbol.for('prediction-engine.stalled')]()"
  session.post('Runtime.evaluate', { expression })
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs)
}
