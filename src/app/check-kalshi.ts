import { formatUsd } from '../core/decimal.ts'
import { zeroShares } from '../core/units.ts'
import type { Finding } from './finding.ts'
import type { KalshiAccount } from './live-accounts.ts'
import { openKalshi } from './live-accounts.ts'
import type { Machine } from './machine.ts'
import { silentLog } from './silent-log.ts'

const nothing = { yes: zeroShares, no: zeroShares }

/** Whether the key of an account is good, and what the account holds. Rejects with a `VenueError`. */
export async function checkKalshi(
  account: KalshiAccount,
  machine: Machine,
): Promise<readonly Finding[]> {
  const { gateway } = openKalshi(account, machine, {
    log: () => silentLog,
    marketOf: () => undefined,
    heldOf: () => nothing,
  })
  const { cash } = await gateway.readAccount(machine.clock.epochMs())
  const found = `the key is good; $${formatUsd(cash)} in cash`
  return [{ name: 'Kalshi', state: 'ok', found, remedy: '' }]
}
