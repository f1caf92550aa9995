/**
 * Every string of a JSON text, names and values, in order. Not by the tree that `JSON.parse` makes: of a name that is there twice it keeps the last, another reader the first, and what lies
 * in the other would be seen by nobody.
 */

export interface JsonText {
  readonly strings: readonly string[]
  /** What a reader sees: a line for each object, its names and values in it, without quotes and escapes. */
  readonly flat: string
  /** Lists of numbers below 256, as bytes: half of all programs write a file that way when it has to be JSON. */
  readonly lists: readonly Uint8Array[]
}

/** `undefined` when it is no JSON. */
export function readJson(text: string): JsonText | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const strings: string[] = []
  const seen: string[] = []
  const outside: string[] = []
  for (const { string, between } of tokens(text)) {
    outside.push(between)
    seen.push(lines(between))
    if (string === undefined) continue
    strings.push(string)
    outside.push('""')
    seen.push(`${string} `)
  }
  return { strings, flat: seen.join(''), lists: byteLists(outside.join('')) }
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

interface Token {
  /** What stands before the string. */
  readonly between: string
  /** Absent behind the last. */
  readonly string?: string
}

/** Of a text that is JSON. By hand: a string may have many million letters, and a pattern with a choice in it would not come to its end. */
function* tokens(text: string): Generator<Token> {
  let from = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
    const end = endOf(text, at)
    yield { between: text.slice(from, at), string: JSON.parse(text.slice(at, end)) as string }
    from = end
  }
  yield { between: text.slice(from) }
}

/** Behind the quote that ends the string which begins at `at`. */
function endOf(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === '\\') escapes += 1
    if (escapes % 2 === 0) return end + 1
  }
}

const lines = (between: string): string =>
  between.replaceAll(/[\r\n]/gu, ' ').replaceAll(/[{}]/gu, '\n')

/** A shorter list is no file. */
const MIN_LIST = 16

function byteLists(outside: string): readonly Uint8Array[] {
  return [...outside.matchAll(/\[[\d\s,]*\]/gu)].flatMap(([list]) => {
    const numbers = JSON.parse(list) as readonly number[]
    const are = numbers.length >= MIN_LIST && numbers.every((number) => number < 256)
    return are ? [Uint8Array.from(numbers)] : []
  })
}
