import { isAddress, verifyTypedData } from 'viem'
import { polygonId, sameCase } from '../chain/contracts.ts'
import type { ApiReply, ApiRequest } from '../http-host.ts'
import { refused } from '../http-host.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import { isSignedWith } from './api-keys.ts'

export const badKey: ApiReply = refused(401, 'Unauthorized/Invalid api key')
export const badWalletHeaders: ApiReply = refused(401, 'Invalid L1 Request headers')

const authTypes = {
  ClobAuth: [
    { name: 'address', type: 'address' },
    { name: 'timestamp', type: 'string' },
    { name: 'nonce', type: 'uint256' },
    { name: 'message', type: 'string' },
  ],
} as const

const attestation = 'This message attests that I control the given wallet'

export type WalletClaim = { readonly address: string; readonly nonce: string }

/** The address that signed the wallet headers. Undefined where they do not hold. 6.1. */
export async function readWalletClaim(request: ApiRequest): Promise<WalletClaim | undefined> {
  const address = header(request, 'poly_address')
  const timestamp = header(request, 'poly_timestamp')
  const nonce = header(request, 'poly_nonce') || '0'
  const signature = header(request, 'poly_signature')
  if (!isAddress(address, { strict: false }) || !/^\d+$/.test(nonce)) return undefined
  if (!/^\d+$/.test(timestamp) || !isSignatureText(signature)) return undefined

  const isValid = await verifyTypedData({
    address,
    domain: { name: 'ClobAuthDomain', version: '1', chainId: polygonId },
    types: authTypes,
    primaryType: 'ClobAuth',
    message: { address, timestamp, nonce: BigInt(nonce), message: attestation },
    signature,
  })
  return isValid ? { address: sameCase(address), nonce } : undefined
}

/** The API key whose secret signed the request. Undefined where the headers do not hold. 6.2. */
export function readApiKey(request: ApiRequest, keys: ApiKeys): ApiKey | undefined {
  const key = keys.byId(header(request, 'poly_api_key'))
  if (key === undefined || header(request, 'poly_passphrase') !== key.passphrase) return undefined
  if (sameCase(header(request, 'poly_address')) !== key.address) return undefined

  const timestamp = header(request, 'poly_timestamp')
  const { method, path, body } = request
  const signature = header(request, 'poly_signature')
  return isSignedWith(key, { timestamp, method, path }, body, signature) ? key : undefined
}

export function isSignatureText(text: string): text is `0x${string}` {
  return /^0x([0-9a-fA-F]{2}){65,}$/.test(text)
}

function header({ headers }: ApiRequest, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}
