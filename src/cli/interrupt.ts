import type { Io } from './io.ts'

/** What a shell reports for a process that Ctrl-C ended: 128 + SIGINT. */
const interruptedCode = 130

/**
 * Runs `work` with a signal that Ctrl-C sets off. The first stops cleanly, the second at once.
 */
export async function interruptible<T>(
  io: Io,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const release = io.onInterrupt(() => {
    if (controller.signal.aborted) io.quit(interruptedCode)
    controller.abort()
  })
  try {
    return await work(controller.signal)
  } finally {
    release()
  }
}
