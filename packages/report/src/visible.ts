/**
 * Makes characters visible that would repaint a terminal or turn text around. Names in a declaration and file names
 * are written by people outside; an escape sequence among them must not reach an official's screen as one.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFEFF]/gu, (character) =>
    character === '\n'
      ? ' '
      : `〔U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}〕`,
  )
}
