/**
 * A value as JSON for a terminal: what comes from a foreign file may hold characters that repaint it or turn text around. They are written as escapes, so
 * that the value stays what it is.
 */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, undefined, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]|\p{Bidi_Control}/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )}\n`
