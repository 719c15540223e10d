/** Watchers of the stream in a thread of their own, so that they take no time from who measures. */
import { parentPort, workerData } from 'node:worker_threads'
import { WebSocket } from 'ws'

export type WatchersJob = { readonly url: string; readonly token: string; readonly count: number }

const { url, token, count } = workerData as WatchersJob
const headers = { authorization: `Bearer ${token}` }
const sockets = Array.from({ length: count }, () => new WebSocket(url, { headers }))
const heard = { messages: 0 }
for (const socket of sockets) {
  socket.on('message', () => {
    heard.messages++
  })
  socket.on('error', () => socket.terminate())
}
const seen = setInterval(() => {
  for (const socket of sockets) {
    if (socket.readyState === WebSocket.OPEN) socket.send('{"seen":true}')
  }
}, 5_000)
parentPort?.on('message', () => {
  clearInterval(seen)
  const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length
  for (const socket of sockets) socket.terminate()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ open, messages: heard.messages })
  parentPort?.close()
})
