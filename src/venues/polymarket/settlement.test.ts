import { describe, expect, test } from 'vitest'
import { openingForEach } from '../../../test/polymarket/open-scene.ts'
import type { Trader, TradingScene } from '../../../test/polymarket/trading-scene.ts'
import type { Market } from '../../core/market.ts'
import type { MicroShares } from '../../core/units.ts'
import { microShares, ticks } from '../../core/units.ts'
import { walletKinds } from '../../exchange-sim/chain/wallets.ts'
import type { OperationId, OperationUpdate, SettlementOperation } from '../../ports/settlement.ts'

/** Operations on the simulated chain, by transaction and through the relayer. */

const { open, proxied } = openingForEach()

const ten = shares(10)

function shares(count: number): MicroShares {
  return microShares(count * 1_000_000)
}

/** Asks for an operation and waits for its end. */
async function settle(
  trader: Trader,
  name: string,
  what: SettlementOperation,
): Promise<OperationUpdate> {
  const id = name as OperationId
  trader.trading.settlement.submit(id, what)
  return trader.ended(id)
}

/** Three markets of one neg-risk set, and the set's name at the venue. */
function setOf(scene: TradingScene): { readonly set: string; readonly markets: readonly Market[] } {
  const first = scene.market(({ negRisk }) => negRisk)
  const markets = [...scene.markets.values()].filter(
    ({ set, status }) => set === first.set && status === 'open',
  )
  return { set: scene.conversionOf(first), markets }
}

function sizes(trader: Trader): Readonly<Record<string, string>> {
  return Object.fromEntries(
    trader.audit().positions.map(({ instrument, size }) => [instrument, size]),
  )
}

describe.each(walletKinds)('a wallet that is a %s', (kind) => {
  test('turns money into a share of each outcome, and back', async () => {
    const scene = await open()
    const trader = await scene.trader({ kind })
    const { id: market, yes, no } = scene.plain()

    const split = await settle(trader, 's1', { kind: 'split', market, size: shares(40) })
    const held = sizes(trader)
    const merge = await settle(trader, 'm1', { kind: 'merge', market, size: shares(15) })

    expect(split).toMatchObject({ kind: 'final', cashIn: -40_000_000 })
    expect(held).toEqual({ [yes.id]: '40', [no.id]: '40' })
    expect(merge).toMatchObject({ kind: 'final', cashIn: 15_000_000 })
    expect(trader.audit().cash).toBe('975')
    expect(trader.operations.map(({ kind: told }) => told)).toEqual([
      'submitted',
      'final',
      'submitted',
      'final',
    ])
    // Only a plain account pays for its transactions.
    expect('gasGwei' in split).toBe(kind === 'eoa')
  })

  test('turns NO of a set into cash and YES of the others', async () => {
    const scene = await open()
    const trader = await scene.trader({ kind })
    const { set, markets } = setOf(scene)
    const given = markets.slice(1, 3)
    for (const { id } of given) {
      await settle(trader, `split ${id}`, { kind: 'split', market: id, size: ten })
    }

    const ids = given.map(({ id }) => id)
    const end = await settle(trader, 'c1', { kind: 'convert', set, markets: ids, size: ten })

    expect(end).toMatchObject({ kind: 'final', cashIn: 10_000_000 })
    const held = sizes(trader)
    for (const { yes, no } of given) expect([held[yes.id], held[no.id]]).toEqual(['10', undefined])
    expect(held[markets[0]?.yes.id ?? '']).toBe('10')
    expect(trader.audit().cash).toBe('990')
    expect(scene.exchange.polymarket.auditChain().unequal).toEqual([])
  })
})

describe('a market that is resolved', () => {
  test('pays what its shares are worth, to every kind of wallet', async () => {
    const scene = await open()
    const traders = await Promise.all(walletKinds.map((kind) => scene.trader({ kind })))
    const market = scene.market(({ slug }) => slug.startsWith('bitcoin-up-or-down'))
    await Promise.all(
      traders.map((trader) =>
        settle(trader, 's1', { kind: 'split', market: market.id, size: ten }),
      ),
    )

    const early = await Promise.all(traders.map((trader) => redeem(trader, 'early', market)))
    await resolved(scene, market)
    const ends = await Promise.all(traders.map((trader) => redeem(trader, 'late', market)))

    for (const end of early) expect(end).toMatchObject({ kind: 'failed', reason: 'not-resolved' })
    for (const end of ends) expect(end).toMatchObject({ kind: 'final', cashIn: 10_000_000 })
    for (const trader of traders) {
      expect([trader.audit().cash, trader.audit().positions]).toEqual(['1000', []])
    }
  }, 60_000)
})

function redeem(trader: Trader, name: string, { id }: Market): Promise<OperationUpdate> {
  return settle(trader, name, { kind: 'redeem', market: id })
}

async function resolved({ hosts }: TradingScene, { id }: Market): Promise<void> {
  for (let looks = 0; looks < 80; looks++) {
    const reply = await fetch(`${hosts.clobUrl}/markets/${id}`)
    if ((await reply.text()).includes('"winner":true')) return
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
  }
  throw new Error('waited forty seconds for a winner')
}

describe('what was split', () => {
  test('can be sold at once: the venue is told to look at the chain again', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    const sale = { side: 'sell', limit: ticks(9_900), size: ten } as const
    const [before, after] = [trader.order(market, sale), trader.order(market, sale)]
    trader.place(before)
    await trader.told(before, 'done')

    await settle(trader, 's1', { kind: 'split', market: market.id, size: ten })
    trader.place(after)

    expect(trader.of(before)).toMatchObject([{ kind: 'done', reason: 'balance' }])
    await trader.told(after, 'live')
  })
})

describe('an operation', () => {
  test('that reverts has failed, and changed nothing', async () => {
    const scene = await open()
    const [plain, wallet] = [await scene.trader(), await scene.trader({ kind: 'deposit' })]
    const split = { kind: 'split', market: scene.plain().id, size: ten } as const
    scene.exchange.polymarket.failNextTransactions(2)

    const ends = await Promise.all([settle(plain, 's1', split), settle(wallet, 's1', split)])

    expect(ends.map(({ kind }) => kind)).toEqual(['failed', 'failed'])
    expect([plain.audit().cash, wallet.audit().cash]).toEqual(['1000', '1000'])
  })

  test.each([
    ['of a market nobody knows', { kind: 'redeem', market: '0xno' }, 'unknown-market'],
    ['of markets of two sets', { kind: 'convert', set: '0xno', size: ten }, 'not-one-set'],
  ] as const)('%s is never sent', async (_, what, reason) => {
    const scene = await open()
    const trader = await scene.trader()
    const markets = setOf(scene).markets.map(({ id }) => id)

    const end = await settle(trader, 'x1', { ...what, markets } as never)

    expect(end).toMatchObject({ kind: 'failed', reason })
    expect(trader.operations).toHaveLength(1)
  })

  test('that has failed may be asked for again by the same name', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const what = { kind: 'split', market: scene.plain().id, size: ten } as const
    scene.exchange.polymarket.failNextTransactions(1)

    const first = await settle(trader, 's1', what)
    trader.trading.settlement.submit('s1' as OperationId, what)
    await expect.poll(() => trader.operations.at(-1)?.kind, { timeout: 20_000 }).toBe('final')

    expect(first).toMatchObject({ kind: 'failed' })
    expect(trader.audit().cash).toBe('990')
  })

  test('asked for twice by the same name happens once', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const what = { kind: 'split', market: scene.plain().id, size: ten } as const

    trader.trading.settlement.submit('s1' as OperationId, what)
    const end = await settle(trader, 's1', what)
    await settle(trader, 's2', what)

    expect(end).toMatchObject({ kind: 'final' })
    expect(trader.audit().cash).toBe('980')
  })

  test.each([
    ['eoa', 'POST /rpc', 'rpcUrl'],
    ['safe', 'POST /submit', 'relayerUrl'],
    ['deposit', 'POST /submit', 'relayerUrl'],
  ] as const)(
    'of a %s whose answer is lost is unknown until it is found out, and happens once',
    async (kind, lost, host) => {
      const scene = await open()
      let isLost = false
      const proxy = await proxied(scene, (call) => {
        const isSending = call === lost && (kind !== 'eoa' || isRawTransaction(proxy.bodies.at(-1)))
        if (!isSending || isLost) return 'pass'
        isLost = true
        return 'lose-answer'
      })
      const url = kind === 'eoa' ? `${proxy.url}/rpc` : proxy.url
      const trader = await scene.trader({ kind, hosts: { [host]: url } })

      const what = { kind: 'split', market: scene.plain().id, size: ten } as const
      const end = await settle(trader, 's1', what)

      expect(trader.operations.map((update) => update.kind)).toEqual(['unknown', 'final'])
      expect(end).toMatchObject({ kind: 'final', cashIn: -10_000_000 })
      expect(trader.audit().cash).toBe('990')
    },
    30_000,
  )

  test('that never reached the node is sent again, the very same', async () => {
    const scene = await open()
    let swallowed = 0
    const proxy = await proxied(scene, () =>
      isRawTransaction(proxy.bodies.at(-1)) && ++swallowed === 1 ? 'swallow' : 'pass',
    )
    const trader = await scene.trader({ hosts: { rpcUrl: `${proxy.url}/rpc` } })

    const what = { kind: 'split', market: scene.plain().id, size: ten } as const
    const end = await settle(trader, 's1', what)

    expect(end).toMatchObject({ kind: 'final' })
    const sent = proxy.bodies.filter(isRawTransaction).map(rawOf)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toBe(sent[1])
    expect(trader.audit().cash).toBe('990')
  }, 30_000)
})

function isRawTransaction(body: string | undefined): boolean {
  return body?.includes('eth_sendRawTransaction') === true
}

function rawOf(body: string): string {
  return /"params":(\[[^\]]*\])/.exec(body)?.[1] ?? ''
}

describe('missingAllowances', () => {
  test('names what a new wallet has not approved, and nothing of one that has', async () => {
    const scene = await open()
    const [ready, fresh] = [await scene.trader(), await scene.trader({ approvals: 'none' })]

    const missing = await fresh.trading.missingAllowances()

    expect(await ready.trading.missingAllowances()).toEqual([])
    expect(missing.map(({ spender, what }) => `${what} to the ${spender}`)).toEqual([
      'money to the exchange',
      'tokens to the exchange',
      'money to the neg-risk exchange',
      'tokens to the neg-risk exchange',
      'money to the collateral adapter',
      'tokens to the collateral adapter',
      'money to the neg-risk collateral adapter',
      'tokens to the neg-risk collateral adapter',
    ])
  })
})
