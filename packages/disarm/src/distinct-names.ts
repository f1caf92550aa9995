/** Names of one archive or mail, no two of which are one name to the most forgetful file system. */
export class DistinctNames {
  readonly #taken = new Set<string>()
  /** Number to try next, by name: ten thousand equal names of an attacker must not cost their square. */
  readonly #next = new Map<string, number>()

  /** The name, or `name (2).txt` and so on when it is taken. The name has an extension. */
  take(name: string): string {
    const key = fold(name)
    let number = this.#next.get(key) ?? 1
    while (this.#taken.has(fold(numbered(name, number)))) number++
    this.#next.set(key, number + 1)
    this.#taken.add(fold(numbered(name, number)))
    return numbered(name, number)
  }
}

/** As Windows, macOS and Unicode compare names. */
export function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  return number === 1 ? name : `${name.slice(0, dot)} (${number})${name.slice(dot)}`
}
