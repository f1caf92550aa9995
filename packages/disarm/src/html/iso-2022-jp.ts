/**
 * ISO-2022-JP (RFC 1468) as mail programs really write it: JIS X 0201 kana (`ESC ( I`, or shifted by SO), JIS X 0212, vendor characters
 * (①㈱髙), and needless escapes where two pieces were joined. The strict decoder of the platform breaks at each of these.
 * @returns the text, and whether every byte had a meaning
 */
export function decodeIso2022Jp(bytes: Uint8Array): {
  readonly text: string
  readonly clean: boolean
} {
  const reader = new JisReader(bytes)
  reader.run()
  return { text: reader.text(), clean: reader.clean }
}

type Set94 = 'ascii' | 'roman' | 'kana' | 'kanji' | 'supplement'

const SETS: ReadonlyMap<string, Set94> = new Map<string, Set94>([
  ['(B', 'ascii'],
  ['(J', 'roman'],
  ['(H', 'roman'],
  ['(I', 'kana'],
  ['$@', 'kanji'],
  ['$B', 'kanji'],
  ['$(@', 'kanji'],
  ['$(B', 'kanji'],
  ['$(D', 'supplement'],
])

const ESCAPE = 0x1b

class JisReader {
  clean = true
  readonly #bytes: Uint8Array
  readonly #parts: string[] = []
  /** Shift_JIS, which the platform decodes with the vendor characters. */
  readonly #run: number[] = []
  #set: Set94 = 'ascii'
  #shifted = false
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  run(): void {
    while (this.#at < this.#bytes.length) this.#step(this.#bytes[this.#at]!)
    this.#flush()
  }

  text(): string {
    return this.#parts.join('')
  }

  #step(byte: number): void {
    if (byte === ESCAPE) this.#escape()
    else if (byte === 0x0e || byte === 0x0f) {
      this.#shifted = byte === 0x0e
      this.#at++
    } else if (byte === 0x0a || byte === 0x0d || byte < 0x20) this.#control(byte)
    else if (byte >= 0x80) this.#eighthBit(byte)
    else this.#character(byte)
  }

  /** RFC 1468: a line begins in ASCII. Some writers forget to come back before its end. */
  #control(byte: number): void {
    if (byte === 0x0a || byte === 0x0d) this.#set = 'ascii'
    this.#run.push(byte)
    this.#at++
  }

  #escape(): void {
    const next = String.fromCharCode(...this.#bytes.subarray(this.#at + 1, this.#at + 4))
    for (const length of [3, 2]) {
      const set = SETS.get(next.slice(0, length))
      if (set === undefined) continue
      this.#set = set
      this.#at += 1 + length
      return
    }
    this.#fault()
    this.#at++
  }

  /** Half-width kana in eight bits, as old programs sent them. */
  #eighthBit(byte: number): void {
    if (byte >= 0xa1 && byte <= 0xdf) this.#run.push(byte)
    else this.#fault()
    this.#at++
  }

  #character(byte: number): void {
    if (this.#set === 'kanji' || this.#set === 'supplement') {
      this.#pair(byte, this.#bytes[this.#at + 1] ?? 0)
      return
    }
    this.#at++
    const kana = this.#set === 'kana' || this.#shifted
    if (kana && byte >= 0x21 && byte <= 0x5f) this.#run.push(byte | 0x80)
    else this.#run.push(byte)
  }

  #pair(first: number, second: number): void {
    if (first === 0x20) {
      this.#run.push(first)
      this.#at++
      return
    }
    if (second < 0x21 || second > 0x7e || first > 0x7e) {
      this.#fault()
      this.#at++
      return
    }
    this.#at += 2
    if (this.#set === 'supplement') this.#supplement(first, second)
    else this.#run.push(...shiftJis(first, second))
  }

  #supplement(first: number, second: number): void {
    this.#flush()
    const bytes = Uint8Array.of(0x8f, first | 0x80, second | 0x80)
    this.#append(new TextDecoder('euc-jp').decode(bytes))
  }

  #fault(): void {
    this.#flush()
    this.#append('\uFFFD')
  }

  #flush(): void {
    if (this.#run.length === 0) return
    this.#append(new TextDecoder('shift_jis').decode(Uint8Array.from(this.#run)))
    this.#run.length = 0
  }

  #append(text: string): void {
    if (text.includes('\uFFFD')) this.clean = false
    this.#parts.push(text)
  }
}

/** JIS X 0208 row and cell as the two bytes of Shift_JIS. */
function shiftJis(first: number, second: number): readonly [number, number] {
  const row = first - 0x21
  const lead = (row >> 1) + (row < 62 ? 0x81 : 0xc1)
  if (row % 2 === 1) return [lead, second + 0x7e]
  return [lead, second + (second > 0x5f ? 0x20 : 0x1f)]
}
