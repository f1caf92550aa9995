/** Strings of BIFF8 records ([MS-XLS] 2.5.294, 2.5.240): a flag byte says whether characters have two bytes. */

/** With one byte for the length. */
export function text8(data: Uint8Array, at: number): string {
  return textOf(data, at + 2, data[at] ?? 0, ((data[at + 1] ?? 0) & 1) === 1)
}

/** With two bytes for the length. */
export function text16(data: Uint8Array, at: number): string {
  return textOf(data, at + 3, shortOf(data, at), ((data[at + 2] ?? 0) & 1) === 1)
}

/** Characters alone, as far as they are there. */
export function textOf(data: Uint8Array, at: number, length: number, wide: boolean): string {
  const bytes = Buffer.from(data.subarray(at, at + length * (wide ? 2 : 1)))
  return bytes.toString(wide ? 'utf16le' : 'latin1')
}

export function shortOf(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)
}
