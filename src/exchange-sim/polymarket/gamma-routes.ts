import type { ApiRequest, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { SimMarket, SimSet } from '../sim-market.ts'
import type { World } from '../world.ts'
import { gammaEvent, totalVolume } from './gamma-event.ts'
import { eventTest, marketTest } from './gamma-filter.ts'
import { gammaMarketWithEvent } from './gamma-market.ts'
import { keysetPage, offsetPage } from './keyset.ts'

/** Gamma, where markets are listed and described. docs/venues/polymarket.md, 2. */
export function gammaRoutes(world: World): readonly Route[] {
  return [...listings(world), ...lookups(world), ...searches(world)]
}

function listings(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/markets/keyset',
      answer: ({ query }) =>
        keysetPage(marketsOf(world, query), query, (page) => ({
          markets: page.map((market) => marketBody(market, query)),
        })),
    },
    {
      method: 'GET',
      path: '/events/keyset',
      answer: ({ query }) =>
        keysetPage(eventsOf(world, query), query, (page) => ({
          events: page.map((set) => gammaEvent(set, { includeMarkets: wantsMarkets(query) })),
        })),
    },
    {
      method: 'GET',
      path: '/markets',
      answer: ({ query }) =>
        found(
          offsetPage(marketsOf(world, query), query).map((market) => marketBody(market, query)),
        ),
    },
    {
      method: 'GET',
      path: '/events',
      answer: ({ query }) =>
        found(
          offsetPage(eventsOf(world, query), query).map((set) =>
            gammaEvent(set, { includeMarkets: wantsMarkets(query) }),
          ),
        ),
    },
  ]
}

function lookups(world: World): readonly Route[] {
  const marketBy = (test: (market: SimMarket, request: ApiRequest) => boolean) => {
    return (request: ApiRequest) => {
      const market = world.marketsOn('polymarket').find((one) => test(one, request))
      if (market === undefined) return refused(404, 'id not found')
      return found({ $schema: schemaOf('Market'), ...gammaMarketWithEvent(market) })
    }
  }
  const eventBy = (test: (set: SimSet, request: ApiRequest) => boolean) => {
    return (request: ApiRequest) => {
      const set = world.setsOn('polymarket').find((one) => test(one, request))
      if (set === undefined) return refused(404, 'id not found')
      const body = gammaEvent(set, { includeMarkets: wantsMarkets(request.query) })
      return found({ $schema: schemaOf('Event'), ...body })
    }
  }
  return [
    {
      method: 'GET',
      path: '/markets/slug/:slug',
      answer: marketBy(({ listing }, { params }) => listing.slug === params['slug']),
    },
    {
      method: 'GET',
      path: '/markets/:id',
      answer: marketBy(({ listing }, { params }) => listing.id === params['id']),
    },
    {
      method: 'GET',
      path: '/markets/:id/tags',
      answer: ({ params }) => {
        const market = world
          .marketsOn('polymarket')
          .find(({ listing }) => listing.id === params['id'])
        return market === undefined ? refused(404, 'id not found') : found(market.set.tags)
      },
    },
    {
      method: 'GET',
      path: '/events/slug/:slug',
      answer: eventBy(({ slug }, { params }) => slug === params['slug']),
    },
    {
      method: 'GET',
      path: '/events/:id',
      answer: eventBy(({ id }, { params }) => id === params['id']),
    },
  ]
}

function searches(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/tags',
      answer: () => {
        const tags = new Map(
          world.setsOn('polymarket').flatMap((set) => set.tags.map((tag) => [tag.id, tag])),
        )
        return found([...tags.values()])
      },
    },
    {
      method: 'GET',
      path: '/public-search',
      answer: ({ query }) => {
        const words = (query.get('q') ?? '').toLowerCase().split(/\s+/)
        const hits = world.setsOn('polymarket').filter((set) => {
          const text = `${set.title} ${set.markets.map(questionOf).join(' ')}`.toLowerCase()
          return words.every((word) => text.includes(word))
        })
        const page = offsetPage(hits, query)
        return found({
          events: page.map((set) => gammaEvent(set, { includeMarkets: true })),
          pagination: { hasMore: page.length < hits.length, totalResults: hits.length },
        })
      },
    },
  ]
}

function questionOf({ listing }: SimMarket): string {
  return listing.question
}

function wantsMarkets(query: URLSearchParams): boolean {
  return query.get('include_markets') !== 'false'
}

function marketBody(market: SimMarket, query: URLSearchParams): Readonly<Record<string, unknown>> {
  const body = gammaMarketWithEvent(market)
  return query.get('include_tag') === 'true' ? { ...body, tags: market.set.tags } : body
}

function marketsOf(world: World, query: URLSearchParams): readonly SimMarket[] {
  const hits = world.marketsOn('polymarket').filter(marketTest(query))
  if (query.get('order')?.startsWith('volume') !== true) return hits
  return hits.toSorted((a, b) => direction(query) * (a.volume - b.volume))
}

function eventsOf(world: World, query: URLSearchParams): readonly SimSet[] {
  const hits = world.setsOn('polymarket').filter(eventTest(query))
  if (query.get('order')?.startsWith('volume') !== true) return hits
  return hits.toSorted((a, b) => direction(query) * (totalVolume(a) - totalVolume(b)))
}

function direction(query: URLSearchParams): 1 | -1 {
  return query.get('ascending') === 'true' ? 1 : -1
}

function schemaOf(name: string): string {
  return `https://gamma-api.polymarket.com/schemas/${name}.json`
}
