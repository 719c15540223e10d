import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import { z } from 'zod'
import type {
  Limit,
  StrategyProfit,
  StrategyStatus,
} from '../../../src/server/schema/run-status.ts'
import { profitAndLoss } from '../../../src/server/schema/run-status.ts'
import { session } from '../../../src/server/schema/control.ts'
import { count, money, signClass, signedMoney, title } from '../format.ts'
import { Icon } from '../icon.tsx'
import { KillDialog } from '../parts/kill-dialog.tsx'
import { limitTitles } from '../parts/limit-meters.tsx'
import { Panel } from '../parts/panel.tsx'
import { Pill } from '../parts/pill.tsx'
import { Said } from '../parts/said.tsx'
import { Answered } from '../parts/states.tsx'
import { StrategyForm } from '../parts/strategy-form.tsx'
import { ask, useAnswer } from '../request.ts'
import { useMayAct } from '../scope.ts'
import { useRun } from '../stream/use-stream.ts'
import { useControl } from '../use-control.ts'

/** Pause, kill, limits and strategies: what a person may ask of a running engine. */
export function Control(): ReactNode {
  const mayAct = useMayAct()
  return (
    <div className="page">
      <div className="page-head">
        <h1>Control</h1>
        {mayAct ? null : (
          <p className="muted">This browser may only read. Log in with the control token to act.</p>
        )}
      </div>
      <div className="grid control-grid">
        <div>
          <Trading mayAct={mayAct} />
          <Strategies mayAct={mayAct} />
        </div>
        <div>
          <Limits mayAct={mayAct} />
          <Browser />
          <Configuration />
        </div>
      </div>
    </div>
  )
}

const profitEveryMs = 2_000

type MayAct = { readonly mayAct: boolean }

const tradingWords = {
  running: ['gain', 'Trading', 'Approved opportunities become baskets.'],
  paused: ['warn', 'Paused', 'No new baskets; those at work finish.'],
  killed: ['loss', 'Killed', 'Trading has ended until the engine is started again.'],
} as const

function Trading({ mayAct }: MayAct): ReactNode {
  const trading = useRun(({ status }) => status.trading)
  const [tone, word, means] = tradingWords[trading]
  const control = useControl()
  const [killing, setKilling] = useState(false)
  return (
    <Panel title="Trading" tools={<Pill tone={tone}>{word}</Pill>}>
      <p>{means}</p>
      <div className="actions-row">
        <button
          type="button"
          className="button"
          disabled={!mayAct || control.busy || trading === 'killed'}
          onClick={() => void control.act(trading === 'paused' ? 'resume' : 'pause')}
        >
          <Icon name={trading === 'paused' ? 'play' : 'pause'} />
          {trading === 'paused' ? 'Resume trading' : 'Pause trading'}
        </button>
        <button
          type="button"
          className="button danger"
          disabled={!mayAct || trading === 'killed'}
          onClick={() => setKilling(true)}
        >
          <Icon name="stop" />
          Kill
        </button>
      </div>
      <Said control={control} />
      {killing ? <KillDialog onClose={() => setKilling(false)} /> : null}
    </Panel>
  )
}

function Limits({ mayAct }: MayAct): ReactNode {
  const limits = useRun(({ status }) => status.limits)
  const control = useControl()
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({})
  const changed = limits.filter(({ name, max }) => (drafts[name] ?? max) !== max)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wanted = Object.fromEntries(changed.map(({ name }) => [name, drafts[name]]))
    const { done } = await control.send('/api/control/limits', 'PUT', { limits: wanted })
    if (done) setDrafts({})
  }
  return (
    <Panel title="Limits" note="they hold from the next signal on">
      <form onSubmit={(event) => void submit(event)}>
        <table className="lines">
          <thead>
            <tr>
              <th scope="col">Limit</th>
              <th scope="col" className="right">
                Used
              </th>
              <th scope="col" className="right">
                At most
              </th>
            </tr>
          </thead>
          <tbody>
            {limits.map((limit) => (
              <tr key={limit.name}>
                <td>{limitTitles[limit.name]}</td>
                <td className="right soft">{usedText(limit)}</td>
                <td className="right">
                  <input
                    className="field number"
                    aria-label={`${limitTitles[limit.name]}, at most`}
                    inputMode="decimal"
                    disabled={!mayAct}
                    value={drafts[limit.name] ?? limit.max}
                    onChange={({ target }) =>
                      setDrafts((known) => ({ ...known, [limit.name]: target.value }))
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="actions-row end">
          <Said control={control} />
          <button
            type="submit"
            className="button primary"
            disabled={!mayAct || changed.length === 0 || control.busy}
          >
            {changed.length === 0 ? 'No change' : `Change ${changed.length}`}
          </button>
        </div>
      </form>
    </Panel>
  )
}

function usedText({ used, unit }: Limit): string {
  if (used === null) return ''
  return unit === 'usd' ? money(used) : count(Number(used))
}

function Strategies({ mayAct }: MayAct): ReactNode {
  const strategies = useRun(({ status }) => status.strategies)
  const { data } = useAnswer('/api/pnl', profitAndLoss, profitEveryMs)
  return (
    <Panel title="Strategies" className="area-strategies" flush>
      <ul className="strategies">
        {strategies.map((strategy) => (
          <Strategy
            key={strategy.name}
            strategy={strategy}
            profit={data?.byStrategy.find((each) => each.strategy === strategy.name)}
            mayAct={mayAct}
          />
        ))}
      </ul>
    </Panel>
  )
}

type StrategyProps = MayAct & {
  readonly strategy: StrategyStatus
  /** Undefined while it has earned nothing and paid nothing. */
  readonly profit: StrategyProfit | undefined
}

function Strategy({ strategy, profit, mayAct }: StrategyProps): ReactNode {
  const { name, state, reason, evaluations, opportunities, phantoms } = strategy
  const control = useControl()
  const runs = state === 'running'
  const path = `/api/control/strategies/${encodeURIComponent(name)}`
  return (
    <li className="strategy">
      <div className="strategy-head">
        <span className="strong">{title(name)}</span>
        <Pill tone={runs ? 'gain' : 'warn'}>{runs ? 'on' : `off: ${reason}`}</Pill>
        <span className="spring" />
        <button
          type="button"
          className="button"
          disabled={!mayAct || control.busy}
          onClick={() => void control.send(path, 'POST', { enabled: !runs })}
        >
          Switch {runs ? 'off' : 'on'}
          <span className="visually-hidden">: {title(name)}</span>
        </button>
      </div>
      <p className="muted">
        {[
          `${count(evaluations)} evaluations`,
          `${count(opportunities)} opportunities`,
          `${count(phantoms)} phantoms`,
        ].join(', ')}
        {profit === undefined ? null : (
          <ProfitWords fees={profit.fees} realised={profit.realised} />
        )}
      </p>
      <StrategyForm strategy={strategy} mayAct={mayAct} control={control} path={path} />
      <Said control={control} />
    </li>
  )
}

const configAnswer = z.object({ config: z.unknown() })

function Configuration(): ReactNode {
  const asked = useAnswer('/api/config', configAnswer)
  return (
    <Panel title="Configuration in force" note="without its secrets" className="area-config" scroll>
      <Answered asked={asked}>
        {({ config }) => <pre className="mono">{JSON.stringify(config, undefined, 2)}</pre>}
      </Answered>
    </Panel>
  )
}

function Browser(): ReactNode {
  return (
    <Panel title="This browser">
      <p className="muted">It is let in by a cookie for 30 days, and can be sent away at once.</p>
      <div className="actions-row">
        <button
          type="button"
          className="button"
          onClick={() => {
            void ask('/api/logout', session, { method: 'POST' }).finally(() => location.assign('/'))
          }}
        >
          Log out
        </button>
        <a className="button" href="/api/openapi.json">
          The API’s contract
        </a>
      </div>
    </Panel>
  )
}

function ProfitWords({ fees, realised }: { fees: string; realised: string }): ReactNode {
  const gain = signedMoney(realised)
  return (
    <>
      , <span className={signClass(realised)}>{gain}</span> after {money(fees)} fees
    </>
  )
}
