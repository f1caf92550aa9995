/**
 * Text as bytes of CP932 (Windows-31J), for comparing passwords that a Japanese Windows typed; undefined when a character has no
 * place there. The table is the decoder's own, read backwards: where several codes mean one character, the one that Windows
 * writes wins (NEC row 13 before NEC-selected IBM, IBM extensions before both of their doubles).
 */
export function encodeCp932(text: string): Uint8Array | undefined {
  table ??= reversed()
  const bytes: number[] = []
  for (const character of text) {
    const code = table.get(SAME.get(character) ?? character)
    if (code === undefined) return undefined
    if (code > 0xff) bytes.push(code >> 8)
    bytes.push(code & 0xff)
  }
  return Uint8Array.from(bytes)
}

let table: ReadonlyMap<string, number> | undefined

/** Characters that other systems type where Windows has its own (Unicode's wave dash and minus, …). */
const SAME: ReadonlyMap<string, string> = new Map([
  ['\u301c', '\uff5e'],
  ['\u2016', '\u2225'],
  ['\u2212', '\uff0d'],
  ['\u00a2', '\uffe0'],
  ['\u00a3', '\uffe1'],
  ['\u00ac', '\uffe2'],
])

function reversed(): ReadonlyMap<string, number> {
  const codes = new Map<string, number>()
  const decoder = new TextDecoder('shift_jis', { fatal: true })
  for (const code of codePoints()) {
    const bytes = code > 0xff ? Uint8Array.of(code >> 8, code & 0xff) : Uint8Array.of(code)
    const character = decodedOr(decoder, bytes)
    if (character !== undefined && !codes.has(character)) codes.set(character, code)
  }
  return codes
}

/** All codes, those that Windows prefers first: NEC-selected IBM extensions (0xED, 0xEE) come last. */
function codePoints(): number[] {
  const leads = Array.from({ length: 0xfd - 0x81 }, (_, index) => 0x81 + index)
  const doubled = leads
    .filter((lead) => lead < 0xa0 || lead > 0xdf)
    .toSorted((a, b) => Number(isDouble(a)) - Number(isDouble(b)) || a - b)
    .flatMap((lead) => Array.from({ length: 0xfd - 0x40 }, (_, index) => lead * 256 + 0x40 + index))
  return [...Array.from({ length: 0x100 }, (_, index) => index), ...doubled]
}

function isDouble(lead: number): boolean {
  return lead === 0xed || lead === 0xee
}

function decodedOr(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes)
    return [...text].length === 1 ? text : undefined
  } catch {
    return undefined
  }
}
