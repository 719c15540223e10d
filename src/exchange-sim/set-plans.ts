import type { Ticks } from '../core/units.ts'
import type { FeeCategory, FeeTerms } from './fee-terms.ts'
import { feeTermsOf, unstatedFeeOf } from './fee-terms.ts'
import type { MarketPlan, SetPlan } from './set-plan.ts'

const dayMs = 86_400_000
const quarterMs = 91 * dayMs
const cent = 100 as Ticks
const tenthOfCent = 10 as Ticks

/** The tag by which a reader of the catalogue knows that YES and NO have books of their own. */
export const separateBooksTag = 'Separate Books'

const categoryTags: Readonly<Record<FeeCategory, string>> = {
  crypto: 'Crypto',
  sports: 'Sports',
  politics: 'Politics',
  finance: 'Finance',
  tech: 'Tech',
  economics: 'Economy',
  weather: 'Weather',
  geopolitics: 'Geopolitics',
}

type Common = { readonly category: FeeCategory; readonly tick?: Ticks; readonly days?: number }

function basics(
  common: Common,
): Pick<
  SetPlan,
  'category' | 'fee' | 'bookKind' | 'outcomes' | 'tick' | 'source' | 'endsInMs' | 'resolvesAfterMs'
> {
  return {
    category: common.category,
    fee: feeTermsOf(common.category),
    bookKind: 'mirrored',
    outcomes: ['Yes', 'No'],
    tick: common.tick ?? cent,
    source: '',
    endsInMs: (common.days ?? 30) * dayMs,
    resolvesAfterMs: undefined,
  }
}

/** One question on its own. */
export function singlePlan(key: string, question: string, common: Common): SetPlan {
  return {
    ...basics(common),
    key,
    title: question,
    structure: { kind: 'single' },
    tags: [categoryTags[common.category]],
    rules: `This market will resolve to "Yes" if the answer to "${question}" is yes.`,
    markets: [{ label: '', question, role: 'named' }],
  }
}

/** One question whose outcomes trade in two books. */
export function separatePlan(
  key: string,
  question: string,
  common: Common & { readonly fee: 'stated' | 'unstated' },
): SetPlan {
  const plan = singlePlan(key, question, common)
  const fee: FeeTerms = common.fee === 'stated' ? plan.fee : unstatedFeeOf(common.category)
  return { ...plan, fee, bookKind: 'separate', tags: [...plan.tags, separateBooksTag] }
}

/** Who may still join the list of an outright set. */
export type OutrightList = 'fixed' | 'open' | 'growing'

const listRules: Readonly<Record<OutrightList, string>> = {
  fixed: 'If the winner is not named here, the market "Other" resolves to "Yes".',
  open: 'The winner may be somebody who is not named here; then no market resolves to "Yes".',
  growing: 'Names may be added, and "Other" then no longer stands for them.',
}

/** "Who wins?": at most one of those named. */
export function outrightPlan(
  key: string,
  title: string,
  names: readonly string[],
  common: Common & { readonly list: OutrightList },
): SetPlan {
  const reserved = common.list === 'growing' ? ['Candidate A', 'Candidate B', 'Candidate C'] : []
  return {
    ...basics(common),
    key,
    title,
    structure: { kind: 'outright', list: common.list },
    tags: [categoryTags[common.category]],
    rules:
      `Each market of this set resolves to "Yes" if its outcome wins, and to "No" if not. ` +
      listRules[common.list],
    markets: [
      ...names.map((label) => winnerPlan(title, label, 'named')),
      ...reserved.map((label) => winnerPlan(title, label, 'placeholder')),
      ...(common.list === 'open' ? [] : [winnerPlan(title, 'Other', 'other')]),
    ],
  }
}

function winnerPlan(title: string, label: string, role: MarketPlan['role']): MarketPlan {
  return { label, question: `${title.replace('?', '')}: ${label}?`, role }
}

export type Scale = { readonly prefix: string; readonly suffix: string; readonly line: string }

/** "How much?": ranges that touch and cover the whole line, so exactly one holds the answer. */
export function rangesPlan(
  key: string,
  subject: string,
  edges: readonly number[],
  common: Common & { readonly scale: Scale },
): SetPlan {
  const { scale } = common
  const text = (value: number): string => value.toLocaleString('en-US')
  const between = edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? from
    return rangePlan(subject, `${text(from)}-${text(to)}${scale.suffix}`, from)
  })
  const first = edges[0] ?? 0
  const last = edges.at(-1) ?? 0
  return {
    ...basics(common),
    key,
    title: `What will ${subject} be?`,
    structure: { kind: 'ranges', line: scale.line },
    tags: [categoryTags[common.category]],
    rules:
      `Exactly one market of this set resolves to "Yes": the one whose range holds ${subject}. ` +
      'A value on the border of two ranges belongs to the lower one. ' +
      'The ranges cover every possible value.',
    markets: [
      rangePlan(subject, `<${text(first)}${scale.suffix}`, Number.NEGATIVE_INFINITY),
      ...between,
      rangePlan(subject, `>${text(last)}${scale.suffix}`, last),
    ],
  }
}

function rangePlan(subject: string, label: string, from: number): MarketPlan {
  return { label, question: `Will ${subject} be ${label}?`, role: 'named', strike: from }
}

/** "Above k?" for rising k: each implies the ones below it. */
export function strikesPlan(
  key: string,
  subject: string,
  strikes: readonly number[],
  common: Common & { readonly scale: Scale },
): SetPlan {
  const { scale } = common
  const text = (value: number): string =>
    scale.prefix + value.toLocaleString('en-US') + scale.suffix
  return {
    ...basics(common),
    key,
    title: `${capital(subject)} above ___?`,
    structure: { kind: 'strikes', line: scale.line },
    tags: [categoryTags[common.category]],
    rules:
      `Each market of this set resolves to "Yes" if ${subject} is higher than the price in ` +
      'its title, and to "No" if not. All are decided by the same value.',
    markets: strikes.map((strike) => ({
      label: strike.toLocaleString('en-US'),
      question: `Will ${subject} be above ${text(strike)}?`,
      role: 'named',
      strike,
    })),
  }
}

/** "By then?" for dates a quarter apart: each implies the ones after it. */
export function datesPlan(
  key: string,
  subject: string,
  count: number,
  common: Common & { readonly from: number },
): SetPlan {
  const ends = Array.from({ length: count }, (_, at) => (at + 1) * quarterMs)
  return {
    ...basics(common),
    key,
    title: `${subject} by...?`,
    structure: { kind: 'dates' },
    tags: [categoryTags[common.category]],
    rules: `Each market of this set resolves to "Yes" if this happens by the date in its title.`,
    markets: ends.map((endsInMs, at) => {
      const date = dateText(common.from + endsInMs)
      const question = `${subject} by ${date}?`
      return { label: date, question, role: 'named', strike: at, endsInMs }
    }),
  }
}

/** "March 31, 2027". */
function dateText(epochMs: number): string {
  return new Date(epochMs).toLocaleDateString('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  })
}

/** A market of minutes that ends within a run: its price goes to an edge, then it resolves. */
export function upDownPlan(key: string, asset: string, lifeMs: number): SetPlan {
  const question = `${asset} Up or Down - round ${key.split('-').at(-1) ?? ''}`
  return {
    ...singlePlan(key, question, { category: 'crypto' }),
    outcomes: ['Up', 'Down'],
    tags: ['Crypto', 'Recurring', 'Up or Down'],
    endsInMs: lifeMs,
    resolvesAfterMs: lifeMs,
  }
}

export const stepOfTenth: Ticks = tenthOfCent

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
