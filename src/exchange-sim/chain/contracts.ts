/**
 * Where the real contracts live. The simulated chain answers at the same addresses, since clients
 * sign over them. docs/venues/polymarket.md, 7.1, 7.6 and 10.1.
 */
export const contracts = {
  exchange: '0xE111180000d2663C0091e4f400237545B87B996B',
  negRiskExchange: '0xe2222d279d744050d28e00520010520000310F59',
  collateral: '0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB',
  conditionalTokens: '0x4D97DCd97eC945f40cF65F87097ACe5EA0476045',
  collateralAdapter: '0xAdA100Db00Ca00073811820692005400218FcE1f',
  negRiskCollateralAdapter: '0xadA2005600Dec949baf300f4C6120000bDB6eAab',
} as const

export const polygonId = 137

/** An address in lower case: the same account has one text. */
export function sameCase(address: string): string {
  return address.toLowerCase()
}
