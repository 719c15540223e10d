'use strict'

// Asks the engine of this container whether it is alive: exits with 0 when it is.

const port = process.env.PREDICTION_ENGINE_SERVER_PORT || '9000'
const answer = fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4_000) })

answer.then(
  ({ ok }) => process.exit(ok ? 0 : 1),
  (error) => {
    process.stderr.write(`no answer: ${String(error.cause || error)}\n`)
    process.exit(1)
  },
)
