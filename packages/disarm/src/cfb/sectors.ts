import { refuse } from '../family.ts'
import {
  BYTE_ORDER,
  END_OF_CHAIN,
  FREE_SECTOR,
  HEADER_DIFAT,
  HEADER_DIFAT_AT,
  HEADER_SIZE,
  MINI_SHIFT,
  SIGNATURE,
} from './layout.ts'

/**
 * The sectors of a compound file and who follows whom ([MS-CFB] 2.3, 2.5). Nothing is copied and no table is built: each step
 * looks into the file, so a header that claims a million FAT sectors costs nothing.
 */
export class Sectors {
  readonly bytes: Uint8Array
  /** Bytes of a sector: 512 or 4096. */
  readonly size: number
  /** Sectors behind the header; the last may be cut short by the end of the file. */
  readonly count: number
  readonly firstDirectory: number
  readonly firstMiniFat: number
  readonly #view: DataView
  readonly #fat: readonly number[]

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.size = 1 << checkedShift(bytes, this.#view)
    this.count = Math.max(0, Math.ceil(bytes.length / this.size) - 1)
    this.firstDirectory = this.#view.getUint32(48, true)
    this.firstMiniFat = this.#view.getUint32(60, true)
    this.#fat = this.#fatSectors()
  }

  /** The part of the file that a sector is; shorter than `size` only at the end of the file. */
  sector(number: number): Uint8Array {
    const at = this.#offset(number)
    return this.bytes.subarray(at, at + this.size)
  }

  /** The sector that follows `number` in its chain, or END_OF_CHAIN. */
  next(number: number): number {
    const perSector = this.size / 4
    const table = this.#fat[Math.floor(number / perSector)] ?? refuse('OLE-CFB')
    return this.#number(this.#offset(table) + (number % perSector) * 4)
  }

  /**
   * The sectors of a chain, at most `most` of them; what follows is not looked at. A sector that is outside of the file or
   * comes twice makes a chain that never ends or that two readers follow to different ends.
   */
  chain(first: number, most: number): number[] {
    const chain: number[] = []
    const seen = new Set<number>()
    for (let at = first; at !== END_OF_CHAIN && chain.length < most; at = this.next(at)) {
      if (at >= this.count || seen.has(at)) refuse('OLE-CFB')
      seen.add(at)
      chain.push(at)
    }
    return chain
  }

  #offset(number: number): number {
    return number < this.count ? (number + 1) * this.size : refuse('OLE-CFB')
  }

  /** A number of a table; a table that the end of the file cuts off lists nothing there. */
  #number(at: number): number {
    return at + 4 <= this.bytes.length ? this.#view.getUint32(at, true) : FREE_SECTOR
  }

  /** Sectors that hold the FAT: the header lists 109, the rest are in a chain of their own. */
  #fatSectors(): number[] {
    const fat: number[] = []
    for (let i = 0; i < HEADER_DIFAT; i++) {
      if (!this.#addFat(fat, this.#number(HEADER_DIFAT_AT + i * 4))) return fat
    }
    const perSector = this.size / 4
    let at = this.#view.getUint32(68, true)
    for (let steps = 0; at !== END_OF_CHAIN && at !== FREE_SECTOR; steps++) {
      if (steps >= this.count) refuse('OLE-CFB')
      const offset = this.#offset(at)
      for (let i = 0; i < perSector - 1; i++) {
        if (!this.#addFat(fat, this.#number(offset + i * 4))) return fat
      }
      at = this.#number(offset + this.size - 4)
    }
    return fat
  }

  /** False where the list of FAT sectors ends. */
  #addFat(fat: number[], number: number): boolean {
    if (number === FREE_SECTOR || number === END_OF_CHAIN) return false
    // Each FAT sector describes many others: a file never has more of them than sectors.
    if (number >= this.count || fat.length >= this.count) refuse('OLE-CFB')
    fat.push(number)
    return true
  }
}

/** Sector shift of a header that makes sense: 9 (version 3) or 12 (version 4). */
function checkedShift(bytes: Uint8Array, view: DataView): number {
  if (bytes.length < HEADER_SIZE) refuse('OLE-CFB')
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) refuse('OLE-CFB')
  if (view.getUint16(28, true) !== BYTE_ORDER) refuse('OLE-CFB')
  if (view.getUint16(32, true) !== MINI_SHIFT) refuse('OLE-CFB')
  const shift = view.getUint16(30, true)
  return shift === 9 || shift === 12 ? shift : refuse('OLE-CFB')
}
