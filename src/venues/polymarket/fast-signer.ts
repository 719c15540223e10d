import type { Keccak } from './order-hash.ts'
import { pureKeccak } from './order-hash.ts'
import type { DigestSigner } from './wallet.ts'
import { createSigner, withRecovery } from './wallet.ts'

/** What signs and hashes, and by which means: for the log and the benchmark. */
export type SigningKit = {
  readonly signer: DigestSigner
  readonly keccak: Keccak
  readonly means: { readonly signer: 'native' | 'pure'; readonly keccak: 'wasm' | 'pure' }
}

const probe: Uint8Array = new Uint8Array(32).fill(7)

/**
 * The fastest signer and hash that load on this machine and give the very bytes of the pure ones.
 *
 * A binary that does not load, or that answers differently on the probe, is not used: a wrong
 * signature would be refused by the venue one order at a time.
 */
export async function loadSigningKit(privateKey: Uint8Array): Promise<SigningKit> {
  const pure = createSigner(privateKey)
  const native = await loadNativeSigner(privateKey, pure)
  const wasm = await loadWasmKeccak()
  return {
    signer: native ?? pure,
    keccak: wasm ?? pureKeccak,
    means: {
      signer: native === undefined ? 'pure' : 'native',
      keccak: wasm === undefined ? 'pure' : 'wasm',
    },
  }
}

async function loadNativeSigner(
  privateKey: Uint8Array,
  pure: DigestSigner,
): Promise<DigestSigner | undefined> {
  const loaded = await import('secp256k1').then(
    (module) => module.default,
    () => undefined,
  )
  if (loaded === undefined) return undefined

  const key = Uint8Array.from(privateKey)
  const native: DigestSigner = {
    address: pure.address,
    sign(digest) {
      const { signature, recid } = loaded.ecdsaSign(digest, key)
      return withRecovery(signature, recid)
    },
  }
  return isSame(native.sign(probe), pure.sign(probe)) ? native : undefined
}

async function loadWasmKeccak(): Promise<Keccak | undefined> {
  const hasher = await import('hash-wasm').then(
    ({ createKeccak }) => createKeccak(256),
    () => undefined,
  )
  if (hasher === undefined) return undefined

  const keccak: Keccak = (bytes) => hasher.init().update(bytes).digest('binary')
  return isSame(keccak(probe), pureKeccak(probe)) ? keccak : undefined
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
