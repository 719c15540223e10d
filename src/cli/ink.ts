/** Colours a text, or leaves it as it is where colours are not wanted. */
export type Ink = {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly badge: (text: string) => string
}

const plain = (text: string): string => text
const sgr =
  (code: string) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

export const noInk: Ink = {
  bold: plain,
  dim: plain,
  green: plain,
  red: plain,
  yellow: plain,
  badge: (text) => `[${text}]`,
}

export const colorInk: Ink = {
  bold: sgr('1'),
  dim: sgr('2'),
  green: sgr('32'),
  red: sgr('31'),
  yellow: sgr('33'),
  badge: (text) => sgr('7;1')(` ${text} `),
}
