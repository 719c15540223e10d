import type { Log } from '../ports/log.ts'

/** For what is said elsewhere, or to nobody. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
