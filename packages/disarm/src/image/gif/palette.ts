/** Which entries of a colour table the pixels name, so that the others can be made black. */
export class PaletteUse {
  readonly #used = new Uint8Array(256)

  mark(pixels: Uint8Array): void {
    for (const index of pixels) this.#used[index] = 1
  }

  /**
   * The table without entries that no pixel names (a message could hide there), long enough for all that pixels
   * name: an index beyond the table, which readers treat differently, becomes black. At least two entries.
   */
  tidy(palette: Uint8Array): Uint8Array {
    const highest = this.#used.lastIndexOf(1)
    let size = 2
    while (size <= highest) size *= 2
    const tidied = new Uint8Array(size * 3)
    for (let index = 0; index < size; index++) {
      if (this.#used[index]) tidied.set(palette.subarray(index * 3, index * 3 + 3), index * 3)
    }
    return tidied
  }
}

/** Bits per index of a table whose length is a power of two: 1 to 8. */
export function paletteBits(palette: Uint8Array): number {
  return Math.log2(palette.length / 3)
}
