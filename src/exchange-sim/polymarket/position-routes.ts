import { microPerShare } from '../../core/units.ts'
import { sameCase } from '../chain/contracts.ts'
import type { TokenLedger } from '../chain/token-ledger.ts'
import type { Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { World } from '../world.ts'
import { outcomeName } from './user-messages.ts'

/** What a wallet holds, as the Data API lists it from the chain. docs/venues/polymarket.md, 2.5. */
export function positionRoutes(world: World, ledger: TokenLedger): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/positions',
      answer: ({ query }) => {
        const wallet = query.get('user') ?? ''
        const offset = Number(query.get('offset') ?? 0)
        const limit = Math.min(500, Number(query.get('limit') ?? 100))
        const rows = [...ledger.holdings(sameCase(wallet))].flatMap(([token, size]) => {
          const row = size > 0 ? positionRow(world, wallet, token, size) : undefined
          return row === undefined ? [] : [row]
        })
        return found(rows.slice(offset, offset + limit))
      },
    },
  ]
}

function positionRow(world: World, wallet: string, token: string, size: number): unknown {
  const place = world.byToken(token)
  if (place === undefined) return undefined
  const { market, outcome } = place
  const { listing, engine, set, winner } = market
  const opposite = outcome === 'yes' ? 'no' : 'yes'
  const middle = (engine.bestBid(outcome) + engine.bestAsk(outcome)) / 20_000
  const price = winner === undefined ? middle : Number(winner === outcome)
  return {
    proxyWallet: wallet,
    asset: token,
    conditionId: listing.conditionId,
    size: size / microPerShare,
    avgPrice: price,
    initialValue: 0,
    currentValue: 0,
    cashPnl: 0,
    percentPnl: 0,
    totalBought: 0,
    realizedPnl: 0,
    curPrice: price,
    redeemable: winner !== undefined,
    mergeable: false,
    outcome: outcomeName(market, outcome),
    outcomeIndex: outcome === 'yes' ? 0 : 1,
    oppositeAsset: listing.tokens[opposite],
    endDate: new Date(listing.endsAt).toISOString().slice(0, 10),
    negativeRisk: set.negRiskId !== undefined,
  }
}
