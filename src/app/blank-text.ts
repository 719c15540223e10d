/** With blanks where comments were, so that every place stays where it was. */
export function withoutComments(text: string): string {
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return text.replaceAll(pattern, (found) => (found.startsWith('/') ? blank(found) : found))
}

/** With blanks where texts in quotes were. */
export function withoutTexts(code: string): string {
  return code.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, blank)
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ')
}
