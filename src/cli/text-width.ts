// oxlint-disable-next-line no-control-regex -- an escape sequence starts with a control character
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g
/** Emoji, and the scripts of East Asia: two columns each. */
const wide = new RegExp(
  String.raw`\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff` +
    String.raw`\ufe30-\ufe6f\uff00-\uff60]`,
  'u',
)
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The columns a text takes in a terminal. Escape sequences take none, wide letters two. */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of segmenter.segment(text.replaceAll(escapes, '')))
    width += widthOf(segment)
  return width
}

/** The text in exactly `columns`: cut with an ellipsis, or filled up with spaces. */
export function fit(text: string, columns: number): string {
  const clean = text.replaceAll(/\p{Cc}+/gu, ' ')
  const width = textWidth(clean)
  if (width <= columns) return clean + ' '.repeat(columns - width)
  const kept = `${cut(clean, columns - 1)}…`
  return kept + ' '.repeat(columns - textWidth(kept))
}

/** As {@link fit}, to the right: for numbers. */
export function fitRight(text: string, columns: number): string {
  const width = textWidth(text)
  return width <= columns ? ' '.repeat(columns - width) + text : fit(text, columns)
}

function cut(text: string, columns: number): string {
  let kept = ''
  let width = 0
  for (const { segment } of segmenter.segment(text)) {
    width += widthOf(segment)
    if (width > columns) break
    kept += segment
  }
  return kept
}

function widthOf(segment: string): number {
  return wide.test(segment) ? 2 : 1
}
