import type { EpochMs } from '../core/units.ts'
import type { Scale } from './set-plans.ts'
import {
  datesPlan,
  outrightPlan,
  rangesPlan,
  separatePlan,
  singlePlan,
  stepOfTenth,
  strikesPlan,
} from './set-plans.ts'
import type { SetPlan } from './set-plan.ts'

const dayMs = 86_400_000

const bitcoin: Scale = { prefix: '$', suffix: '', line: 'bitcoin-price' }
const ether: Scale = { prefix: '$', suffix: '', line: 'ether-price' }
const index: Scale = { prefix: '', suffix: '', line: 'index-level' }
const pipeline: Scale = { prefix: '', suffix: ' mcm', line: 'pipeline-flow' }
const degrees: Scale = { prefix: '', suffix: '°F', line: 'high-temperature' }
const treaty: Scale = { prefix: '', suffix: '', line: 'treaty-signatures' }

/** The sets of one copy of the world: about a hundred markets. `copy` keeps their names apart. */
export function worldPlans(copy: number, startedAt: EpochMs): readonly SetPlan[] {
  const plans = [...singles(), ...separates(), ...outrights(), ...ranges(), ...ladders(startedAt)]
  return copy === 0 ? plans : plans.map((plan) => inSeries(plan, copy))
}

/**
 * The same questions once more, of another series that ends on another day: a reader tells them
 * apart.
 */
function inSeries(plan: SetPlan, copy: number): SetPlan {
  const named = (text: string): string => text.replace(/\?$/, `, series ${copy + 1}?`)
  return {
    ...plan,
    key: `${plan.key}-${copy}`,
    title: named(plan.title),
    endsInMs: plan.endsInMs + copy * dayMs,
    markets: plan.markets.map((market) => ({ ...market, question: named(market.question) })),
  }
}

function singles(): readonly SetPlan[] {
  const tenth = stepOfTenth
  return [
    singlePlan('harbour-bill-passes', 'Will the harbour bill pass?', { category: 'politics' }),
    singlePlan('snap-election', 'Will a snap election be called?', { category: 'politics' }),
    singlePlan('mayor-resigns', 'Will the mayor of Alderport resign?', { category: 'politics' }),
    singlePlan('rate-cut', 'Will the central bank cut its rate?', { category: 'economics' }),
    singlePlan('inflation-below-3', 'Will inflation be below 3%?', { category: 'economics' }),
    singlePlan('bank-merger', 'Will the two largest banks merge?', { category: 'finance' }),
    singlePlan('chipmaker-splits', 'Will the chipmaker split its stock?', {
      category: 'finance',
      tick: tenth,
    }),
    singlePlan('rovers-beat-united', 'Will the Rovers beat United?', { category: 'sports' }),
    singlePlan('final-goes-to-extra-time', 'Will the final go to extra time?', {
      category: 'sports',
    }),
    singlePlan('record-broken', 'Will the marathon record be broken?', {
      category: 'sports',
      tick: tenth,
    }),
    singlePlan('storm-named', 'Will the storm be named?', { category: 'weather' }),
    singlePlan('border-reopens', 'Will the border reopen?', { category: 'geopolitics' }),
    singlePlan('summit-held', 'Will the summit be held?', {
      category: 'geopolitics',
      tick: tenth,
    }),
    singlePlan('network-upgrade', 'Will the network upgrade ship?', { category: 'crypto' }),
  ]
}

function separates(): readonly SetPlan[] {
  const stated = 'stated'
  return [
    separatePlan('ferry-strike', 'Will the ferry strike end?', {
      category: 'geopolitics',
      fee: stated,
    }),
    separatePlan('observatory-opens', 'Will the observatory open on time?', {
      category: 'geopolitics',
      tick: stepOfTenth,
      fee: stated,
    }),
    separatePlan('budget-vetoed', 'Will the budget be vetoed?', {
      category: 'politics',
      fee: stated,
    }),
    separatePlan('keeper-starts', 'Will the first keeper start?', {
      category: 'sports',
      fee: stated,
    }),
    separatePlan('token-listed', 'Will the token be listed?', { category: 'crypto', fee: stated }),
    separatePlan('audit-published', 'Will the audit be published?', {
      category: 'finance',
      fee: 'unstated',
    }),
  ]
}

function outrights(): readonly SetPlan[] {
  const nominees = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Fir']
  const films = ['The Long Tide', 'Glass Harbour', 'Northbound', 'Ember', 'A Quiet Vote']
  return [
    outrightPlan('party-nominee', 'Who will be the nominee?', nominees, {
      category: 'politics',
      list: 'growing',
      tick: stepOfTenth,
    }),
    outrightPlan('best-film', 'Which film will win?', films, {
      category: 'geopolitics',
      list: 'open',
    }),
    outrightPlan('governor', 'Who will be the governor?', ['Hazel', 'Juniper', 'Larch'], {
      category: 'politics',
      list: 'fixed',
    }),
    outrightPlan('league-winner', 'Who will win the league?', ['Rovers', 'United', 'Town'], {
      category: 'sports',
      list: 'fixed',
      tick: stepOfTenth,
    }),
    outrightPlan('host-city', 'Which city will host?', ['Alderport', 'Birchton', 'Cedarvale'], {
      category: 'geopolitics',
      list: 'fixed',
    }),
  ]
}

function ranges(): readonly SetPlan[] {
  return [
    rangesPlan('high-temperature', 'the highest temperature', [58, 61, 64, 67], {
      category: 'weather',
      scale: degrees,
      days: 2,
    }),
    rangesPlan('treaty-signatures', 'the number of signatures', [10, 20, 30], {
      category: 'geopolitics',
      scale: treaty,
      tick: stepOfTenth,
    }),
    rangesPlan('ether-price-range', 'the price of Ether', [2800, 3000, 3200, 3400], {
      category: 'crypto',
      scale: ether,
      days: 3,
    }),
  ]
}

function ladders(startedAt: EpochMs): readonly SetPlan[] {
  return [
    strikesPlan('bitcoin-above', 'the price of Bitcoin', bitcoinStrikes, {
      category: 'crypto',
      scale: bitcoin,
      days: 3,
    }),
    strikesPlan('ether-above', 'the price of Ether', [2800, 3000, 3200, 3400], {
      category: 'crypto',
      scale: ether,
      days: 3,
    }),
    strikesPlan('index-above', 'the index', [6400, 6600, 6800, 7000, 7200], {
      category: 'finance',
      scale: index,
      days: 5,
    }),
    strikesPlan('pipeline-flow-above', 'the pipeline flow', [20, 40, 60, 80], {
      category: 'geopolitics',
      scale: pipeline,
    }),
    datesPlan('ceasefire-by', 'Ceasefire signed', 4, { category: 'geopolitics', from: startedAt }),
    datesPlan('launch-by', 'Rocket launched', 4, { category: 'finance', from: startedAt }),
  ]
}

const bitcoinStrikes = [56_000, 58_000, 60_000, 62_000, 64_000, 66_000]
