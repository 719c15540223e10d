import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

import { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

/** `keys` and `sign-order`: what can be done with a private key without any venue. */
export function keyCommands(context: CommandContext): readonly Command[] {
  return [keysCommand(context), signOrderCommand(context)]
}

function keysCommand(context: CommandContext): Command {
  const { io, machine } = context
  const importing = new Command('import')
    .summary('encrypt PRIVATE_KEY under KEYSTORE_PASSWORD into a new file')
    .argument('<file>', 'where the keystore goes')
    .action(async (file: string) => {
      const code = await told(context, async () => {
        const { importKey } = await import('../../app/import-key.ts')
        io.print(importKey(resolve(machine.folder, file), machine))
      })
      context.end(code)
    })
  const showing = new Command('show-address')
    .summary('print the address that a keystore holds, without opening it')
    .argument('<file>', 'the keystore')
    .action(async (file: string) => {
      const code = await told(context, async () => {
        const { keystoreAddress } = await import('../../app/keystore.ts')
        const address = keystoreAddress(readFileSync(resolve(machine.folder, file), 'utf8'))
        io.print(address ?? 'the keystore does not say')
      })
      context.end(code)
    })
  return new Command('keys')
    .summary('keep a private key encrypted')
    .description('A key is never printed, logged or sent anywhere.')
    .addCommand(importing)
    .addCommand(showing)
    .addCommand(deriveCommand(context))
}

type DeriveOptions = { readonly clobUrl?: string }

function deriveCommand(context: CommandContext): Command {
  const { io, machine } = context
  return new Command('derive-api')
    .summary('create or derive the API key of a keystore’s wallet, and keep it in the same file')
    .description(
      'Asks Polymarket. Opens the keystore with KEYSTORE_PASSWORD; prints the id of the key.',
    )
    .argument('<file>', 'the keystore')
    .option('--clob-url <url>', 'another host than the venue’s own')
    .action(async (file: string, { clobUrl }: DeriveOptions) => {
      const code = await told(context, async () => {
        const { keepApiKey } = await import('../../app/api-key-file.ts')
        const { polymarketDefaults } = await import('../../venues/polymarket/index.ts')
        const host = clobUrl ?? polymarketDefaults.clobUrl
        io.print(await keepApiKey(resolve(machine.folder, file), host, machine))
      })
      context.end(code)
    })
}

type SignOptions = { readonly keystore?: string; readonly json?: true }

function signOrderCommand(context: CommandContext): Command {
  const { io, machine } = context
  return new Command('sign-order')
    .summary('sign a Polymarket V2 order read from standard input')
    .description('For comparison with other signers: nothing is sent.')
    .option('--keystore <file>', 'the key, opened with KEYSTORE_PASSWORD; else PRIVATE_KEY')
    .option('--json', 'one JSON object (the only form)')
    .action(async ({ keystore }: SignOptions) => {
      const code = await told(context, async () => {
        const { signingKey } = await import('../../app/signing-key.ts')
        const { signOneOrder } = await import('../../app/sign-one-order.ts')
        const file = keystore === undefined ? undefined : resolve(machine.folder, keystore)
        const key = signingKey({ keystore: file }, machine)
        io.print(JSON.stringify(await signOneOrder(await text(process.stdin), key)))
      })
      context.end(code)
    })
}

/** Runs the work of a command; what a person can mend is one line. */
async function told({ io }: CommandContext, work: () => Promise<void>): Promise<number> {
  const { KeystoreError } = await import('../../app/keystore.ts')
  const { KeyError } = await import('../../app/signing-key.ts')
  const { OrderInputError } = await import('../../app/sign-one-order.ts')
  const { VenueError } = await import('../../venues/venue-error.ts')
  try {
    await work()
    return exitCode.ok
  } catch (error) {
    const isFile = error instanceof Error && 'code' in error && typeof error.code === 'string'
    const ours = [KeystoreError, KeyError, OrderInputError, VenueError]
    const isOurs = ours.some((kind) => error instanceof kind)
    if (!(error instanceof Error) || !(isFile || isOurs)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}
