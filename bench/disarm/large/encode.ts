/** Writes text in the encodings of Japanese offices; what an encoding has not becomes 〓. */
export type Encoder = (text: string) => Uint8Array

export const ENCODERS: Readonly<Record<string, Encoder>> = {
  utf8: (text) => Buffer.from(text),
  utf16: (text) => Buffer.from(text, 'utf16le'),
  cp932: doubleByte('shift_jis', 0x81),
  eucjp: doubleByte('euc-jp', 0xa1),
  jis,
}

/** Character → its two bytes, by asking the decoder about all pairs. */
function tableOf(label: string, first: number): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(label, { fatal: true })
  const table = new Map<string, number>()
  for (let lead = first; lead < 0xfd; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) {
      try {
        const character = decoder.decode(Uint8Array.of(lead, trail))
        if ([...character].length === 1 && !table.has(character))
          table.set(character, (lead << 8) | trail)
      } catch {
        // No such pair.
      }
    }
  }
  return table
}

function doubleByte(label: string, first: number): Encoder {
  let table: ReadonlyMap<string, number> | undefined
  return (text) => {
    table ??= tableOf(label, first)
    const missing = table.get('〓') ?? 0x3f
    const bytes: number[] = []
    for (const character of text) {
      const code = character.codePointAt(0)!
      if (code < 0x80) bytes.push(code)
      else {
        const pair = table.get(character) ?? missing
        bytes.push(pair >> 8, pair & 0xff)
      }
    }
    return Uint8Array.from(bytes)
  }
}

/** ISO-2022-JP: the rows of EUC-JP in seven bits, between escapes. */
function jis(text: string): Uint8Array {
  const bytes: number[] = []
  let shifted = false
  for (const byte of ENCODERS['eucjp']!(text)) {
    if (byte < 0x80 && shifted) bytes.push(0x1b, 0x28, 0x42)
    if (byte >= 0x80 && !shifted) bytes.push(0x1b, 0x24, 0x42)
    shifted = byte >= 0x80
    bytes.push(byte & 0x7f)
  }
  if (shifted) bytes.push(0x1b, 0x28, 0x42)
  return Uint8Array.from(bytes)
}
