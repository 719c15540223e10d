import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { thisMachine } from '../../src/app/machine.ts'
import type { Stage } from '../../src/app/rehearsal-stage.ts'
import { openTheatre } from '../../src/app/rehearsal-stage.ts'
import { derivePolymarketKey, loadSigningKit } from '../../src/venues/polymarket/index.ts'

const password = 'a long password of nobody'

/** A user's folder with a configuration for live trading, whose venues are a simulated exchange. */
export type LiveStage = {
  readonly folder: string
  readonly data: string
  readonly configFile: string
  readonly stage: Stage
  /** With the key of the wallet, as a user's shell has it. */
  readonly environment: Readonly<Record<string, string>>
  /** Texts that may be nowhere. */
  readonly secrets: readonly string[]
  /** Writes the configuration anew, with lines left out or changed. */
  readonly write: (change?: (lines: string) => string) => void
}

export async function openLiveStage(seed = 5): Promise<LiveStage> {
  const theatre = await openTheatre({ seed, faults: [] })
  const folder = mkdtempSync(join(tmpdir(), 'live-'))
  onTestFinished(async () => {
    await theatre.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const stage = await theatre.openStage('live-test')
  const configFile = join(folder, 'live.toml')
  const keyFile = join(folder, 'kalshi.pem')
  const data = join(folder, 'data')
  // The venue derives it from the wallet: whoever asks again gets the same.
  const kit = await loadSigningKit(Buffer.from(stage.walletKey, 'hex'))
  const apiKey = await derivePolymarketKey({
    clobUrl: stage.urls.clob,
    kit,
    clock: thisMachine.clock,
  })
  const { privateKeyPem } = stage.kalshiKey
  writeFileSync(keyFile, privateKeyPem, { mode: 0o600 })
  const lines = configOf(stage, keyFile, data)
  const write = (change: (text: string) => string = (text) => text): void =>
    writeFileSync(configFile, change(lines), { mode: 0o600 })
  write()
  return {
    folder,
    data,
    configFile,
    stage,
    environment: { PRIVATE_KEY: stage.walletKey, LOG_LEVEL: 'debug', KEYSTORE_PASSWORD: password },
    secrets: [
      stage.walletKey,
      password,
      apiKey.secret,
      apiKey.passphrase,
      ...privateKeyPem.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line)),
    ],
    write,
  }
}

function configOf({ kalshiKey, urls }: Stage, keyFile: string, data: string): string {
  return `mode = "live"

[server]
port = 0

[data]
folder = "${data}"

[venues.polymarket]
gamma_url = "${urls.gamma}"
clob_url = "${urls.clob}"
market_socket_url = "${urls.marketSocket}"
separate_books_tag = "separate-books"

[venues.kalshi]
rest_url = "${urls.kalshiRest}"
socket_url = "${urls.kalshiSocket}"
key_id = "${kalshiKey.keyId}"
private_key_file = "${keyFile}"

[risk]
order_notional_max = "100"
total_exposure_max = "2000"
daily_loss_max = "200"

[live]
spending_cap = "1500"

[live.polymarket]
enabled = true
user_socket_url = "${urls.userSocket}"
data_url = "${urls.data}"
relayer_url = "${urls.relayer}"
rpc_url = "${urls.rpc}"

[live.kalshi]
enabled = true
`
}

/** Files below a folder that hold one of some texts. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = join(folder, name)
    if (!statSync(file).isFile()) return false
    const bytes = readFileSync(file)
    return texts.some((text) => bytes.includes(text))
  })
}
