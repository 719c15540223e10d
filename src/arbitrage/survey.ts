import { shareCost } from '../core/fee.ts'
import { checkCertificate, type CertificateEvidence, type Refusal } from './check-certificate.ts'
import { convertible } from './conversion.ts'
import { detectComplement, detectImplication, detectRange } from './detect-linked.ts'
import { detectProgramme } from './detect-programme.ts'
import { detectNoBasket, detectYesBasket } from './detect-set.ts'
import type { Group } from './group.ts'
import { implicationsOf, rangesOf } from './implications.ts'
import type { DetectOptions, Opportunity } from './opportunity.ts'
import { OrderScreen } from './order-screen.ts'
import { SetScreen } from './set-screen.ts'
import type { Solver } from './solver.ts'

export type SurveyOptions = DetectOptions & {
  /** For groups that no closed form covers. Without one they are passed over. */
  readonly solver: Solver | undefined
  /**
   * What is seen of a book by whoever checks, so that a detector's reading is not taken on trust.
   */
  readonly levels: CertificateEvidence['levels']
  /** Asked before each group: true ends the survey with what it has. */
  readonly isOver?: () => boolean
}

export type Survey = {
  /** Best first. */
  readonly found: readonly Opportunity[]
  readonly groups: number
  /** Groups whose best prices alone say that there is nothing. */
  readonly screenedOut: number
  /** Groups with more states than can be listed, or with a book missing. */
  readonly notLooked: number
  /** What the checker did not believe: each is a bug of ours. */
  readonly refused: readonly { readonly id: string; readonly reason: Refusal }[]
}

/**
 * Looks at every group once and finds what is there now, each with a certificate that the checker
 * has accepted.
 */
export function survey(groups: Iterable<Group>, options: SurveyOptions): Survey {
  const found: Opportunity[] = []
  const refused: { id: string; reason: Refusal }[] = []
  let count = 0
  let screenedOut = 0
  let notLooked = 0
  for (const group of groups) {
    if (options.isOver?.() === true) break
    count++
    const looked = lookAt(group, options)
    if (looked === 'screened-out') screenedOut++
    else if (looked === 'not-looked') notLooked++
    else {
      for (const one of looked) {
        const verdict = checkCertificate(one.certificate, evidenceOf(group, options))
        if (verdict.kind === 'true') found.push(one)
        else refused.push({ id: one.id, reason: verdict.reason })
      }
    }
  }
  return { found: bestFirst(found), groups: count, screenedOut, notLooked, refused }
}

/** By edge; of the same legs only the best stays, whichever detector saw them. */
function bestFirst(found: readonly Opportunity[]): readonly Opportunity[] {
  const byLegs = new Map<string, Opportunity>()
  for (const one of found.toSorted((a, b) => b.edge - a.edge)) {
    const key = one.legs
      .map(({ venue, instrument }) => `${venue}:${instrument}`)
      .toSorted()
      .join()
    if (!byLegs.has(key)) byLegs.set(key, one)
  }
  return [...byLegs.values()]
}

type Looked = readonly Opportunity[] | 'screened-out' | 'not-looked'

function lookAt(group: Group, options: SurveyOptions): Looked {
  if (group.members.some((market) => options.books(market) === undefined)) return 'not-looked'
  switch (group.facts.shape) {
    case 'set':
      return lookAtSet(group, options)
    case 'ladder':
    case 'pair':
      return lookAtOrder(group, options)
    case 'single':
      return present([detectComplement(group, options)])
    case 'linked':
      return lookAtLinked(group, options)
  }
}

function lookAtSet(group: Group, options: SurveyOptions): Looked {
  const screen = new SetScreen(group.members.length)
  for (const [member, market] of group.members.entries()) {
    const books = options.books(market)
    if (books === undefined) return 'not-looked'
    const { fee } = market
    screen.set(member, shareCost(fee, books.yes.bestAsk), shareCost(fee, books.no.bestAsk))
  }
  if (!screen.yesPasses && !screen.noPasses) return 'screened-out'
  const kind = convertible(group) ? 'conversion' : 'no-basket'
  return present([detectYesBasket(group, options), detectNoBasket(group, options, kind)])
}

function lookAtOrder(group: Group, options: SurveyOptions): Looked {
  const pairs = implicationsOf(group)
  const ranges = rangesOf(group)
  const screen = new OrderScreen(group.members.length, pairs)
  let isFree = true
  for (const [member, market] of group.members.entries()) {
    const books = options.books(market)
    if (books === undefined) return 'not-looked'
    const { fee } = market
    isFree = screen.set(member, shareCost(fee, books.yes.bestAsk), shareCost(fee, books.no.bestAsk))
  }
  if (isFree && ranges.length === 0) return 'screened-out'
  const found = [
    ...pairs.map((pair) => detectImplication(group, pair, options)),
    ...ranges.map((range) => detectRange(group, range, options)),
  ]
  // Pairs that share a leg share its depth: the programme sees what they come to together.
  const whole = present(found).length > 1 ? [...found, programmeOf(group, options)] : found
  return present(whole)
}

function lookAtLinked(group: Group, options: SurveyOptions): Looked {
  if (options.solver === undefined || group.states === undefined) return 'not-looked'
  return present([programmeOf(group, options)])
}

function programmeOf(group: Group, options: SurveyOptions): Opportunity | undefined {
  const { solver } = options
  return solver === undefined
    ? undefined
    : detectProgramme(group, options, { solver, effort: 'quick' })
}

function present(found: readonly (Opportunity | undefined)[]): readonly Opportunity[] {
  return found.filter((one) => one !== undefined)
}

function evidenceOf(group: Group, { levels }: SurveyOptions): CertificateEvidence {
  return {
    relations: group.facts.relations,
    market: (ref) =>
      group.members.find(({ venue, id }) => venue === ref.venue && id === ref.market),
    levels,
  }
}
