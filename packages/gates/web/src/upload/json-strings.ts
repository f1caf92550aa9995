/**
 * Every string of a JSON text, names and values, in order. Not by the tree that `JSON.parse` makes: of a name that is there twice it keeps the last, another reader the first, and what lies
 * in the other would be seen by nobody.
 */

const STRING = /"(?:[^"\\]|\\.)*"/gu

/** Lists of numbers that could be bytes: half of all programs write a file that way when it has to be JSON. */
const NUMBERS = /\[\s*(?:\d{1,3}\s*,\s*){15,}\d{1,3}\s*\]/gu

export interface JsonText {
  readonly strings: readonly string[]
  /** What a reader sees: a line for each object, its names and values in it, without quotes and escapes. */
  readonly flat: string
  /** Lists of numbers below 256, as bytes. */
  readonly lists: readonly Uint8Array[]
}

/** `undefined` when it is no JSON. */
export function readJson(text: string): JsonText | undefined {
  try {
    JSON.parse(text)
    const strings = [...text.matchAll(STRING)].map(([token]) => JSON.parse(token) as string)
    let nth = 0
    const flat = text
      .replaceAll(/[\r\n]/gu, ' ')
      .replaceAll(STRING, () => `${strings[nth++] ?? ''} `)
      .replaceAll(/[{}]/gu, '\n')
    const lists = [...text.replaceAll(STRING, '""').matchAll(NUMBERS)].flatMap(([list]) => {
      const numbers = JSON.parse(list) as readonly number[]
      return numbers.every((number) => number < 256) ? [Uint8Array.from(numbers)] : []
    })
    return { strings, flat, lists }
  } catch {
    return undefined
  }
}

/** JSON texts, one for each line (NDJSON, JSON Lines). */
export function readJsonLines(text: string): JsonText | undefined {
  const all = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readJson)
  if (!all.every((one) => one !== undefined)) return undefined
  return {
    strings: all.flatMap(({ strings }) => strings),
    flat: all.map(({ flat }) => flat).join('\n'),
    lists: all.flatMap(({ lists }) => lists),
  }
}
