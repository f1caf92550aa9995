/** For tests only: Japanese text in the encodings that mail and pages come in. The platform decodes them and does not encode. */
export type OldEncoding = 'shift_jis' | 'euc-jp' | 'iso-2022-jp'

/** @throws for a character that the encoding does not have */
export function encodeOld(text: string, encoding: OldEncoding): Uint8Array {
  if (encoding === 'iso-2022-jp') return encodeJis(text)
  const table = encoding === 'shift_jis' ? SHIFT_JIS : EUC_JP
  return Uint8Array.from([...text].flatMap((letter) => bytesOf(letter, table)))
}

function bytesOf(letter: string, table: ReadonlyMap<string, readonly number[]>): readonly number[] {
  if (letter < '\u0080') return [letter.charCodeAt(0)]
  const found = table.get(letter)
  if (!found) throw new Error(`no ${letter} in this encoding`)
  return found
}

function encodeJis(text: string): Uint8Array {
  const bytes: number[] = []
  let kanji = false
  const shift = (to: boolean) => {
    if (kanji !== to) bytes.push(0x1b, ...(to ? [0x24, 0x42] : [0x28, 0x42]))
    kanji = to
  }
  for (const letter of text) {
    const wide = letter >= '\u0080'
    shift(wide)
    bytes.push(...bytesOf(letter, EUC_JP).map((byte) => (wide ? byte & 0x7f : byte)))
  }
  shift(false)
  return Uint8Array.from(bytes)
}

const SHIFT_JIS = tableOf('shift_jis', [0x81, 0xfc], [0x40, 0xfc])
const EUC_JP = tableOf('euc-jp', [0xa1, 0xfe], [0xa1, 0xfe])

function tableOf(
  label: string,
  leads: readonly [number, number],
  trails: readonly [number, number],
): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>()
  const decoder = new TextDecoder(label)
  for (let lead = leads[0]; lead <= leads[1]; lead++) {
    for (let trail = trails[0]; trail <= trails[1]; trail++) {
      const letter = decoder.decode(Uint8Array.of(lead, trail))
      if ([...letter].length === 1 && letter !== '\uFFFD' && !table.has(letter))
        table.set(letter, [lead, trail])
    }
  }
  return table
}
