import type { SimMarket } from '../sim-market.ts'

/** Frames that no reader may take for a message, each wrong in a way of its own. */
export function malformedFrames(market: SimMarket): readonly string[] {
  const { conditionId, tokens } = market.listing
  const entry = (members: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({
      market: conditionId,
      price_changes: [{ asset_id: tokens.yes, price: '0.5', size: '10', side: 'BUY', ...members }],
      timestamp: '1',
      event_type: 'price_change',
    })
  return [
    '',
    'null',
    '[',
    '[1, 2, 3]',
    '{"market":"0x12", "price_chan',
    '{"event_type":"a_new_kind_of_event", "market":"0x12"}',
    'upstream connect error or disconnect/reset before headers',
    entry({ price: '1.5' }),
    entry({ price: '0.12345' }),
    entry({ size: '-3' }),
    entry({ size: 'NaN' }),
    entry({ side: 'HOLD' }),
    entry({ asset_id: 17 }),
    JSON.stringify({ market: conditionId, asset_id: tokens.yes, bids: null, event_type: 'book' }),
    `${'['.repeat(200)}${']'.repeat(200)}`,
  ]
}
