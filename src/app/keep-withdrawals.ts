import type { EpochMs } from '../core/units.ts'
import type { Log } from '../ports/log.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import { writeWithdrawal } from '../propositions/register.ts'
import type { Withdrawal } from '../propositions/sentinel.ts'
import { readRegisterFile, writeRegisterFile } from './propositions-file.ts'

export type WithdrawalsOptions = {
  /** The register. Undefined where there is none on disk: a simulated run has its own. */
  readonly file: string | undefined
  readonly folder: string
  /** The register as it was read when the run began. */
  readonly register: readonly RegisterEntry[]
  readonly log: Log
}

/**
 * Writes into the register what the sentinel takes out of trading, so that the next start does not
 * trade it either.
 *
 * Only entries that stand there as the run has read them are touched: one that a person has
 * confirmed anew since then says of another text that it is the same.
 */
export class WithdrawalKeeper {
  readonly #options: WithdrawalsOptions
  readonly #known: Set<string> = new Set()

  constructor(options: WithdrawalsOptions) {
    this.#options = options
  }

  /** Those that were not there the last time, the ones of the register itself left out. */
  take(withdrawals: readonly Withdrawal[], at: EpochMs): readonly Withdrawal[] {
    if (withdrawals.length === this.#known.size) return []
    const fresh = withdrawals.filter(({ id }) => !this.#known.has(id))
    for (const { id } of fresh) this.#known.add(id)
    const news = fresh.filter(({ reason }) => reason !== 'withdrawn-by-hand')
    if (news.length > 0) this.#keep(news, at)
    return news
  }

  #keep(news: readonly Withdrawal[], at: EpochMs): void {
    const { file, folder, log, register: known } = this.#options
    for (const { detail, id, reason } of news) {
      log.error('a pair was taken out of trading', { pair: id, reason, detail })
    }
    if (file === undefined) return
    try {
      const register = readRegisterFile(file, folder)
      const readAt = new Map(known.map((entry) => [entry.id, entry.at]))
      const same = new Set(
        register.entries
          .filter(({ at, id, withdrawn }) => withdrawn === undefined && readAt.get(id) === at)
          .map(({ id }) => id),
      )
      const text = news
        .filter(({ id }) => same.has(id))
        .reduce(
          (text, { detail, id, reason }) =>
            writeWithdrawal(text, id, { at, because: `${reason}: ${detail}` }),
          register.text,
        )
      if (text !== register.text) writeRegisterFile(register, text)
    } catch (error) {
      // It is out of trading all the same; only the next start would have to find it out again.
      log.error('the register could not be written', { file, error })
    }
  }
}
