/**
 * Names and contents of tiles and entry bundles, as C2SP tlog-tiles writes them down. Apart from the log's own code.
 */
import { hash as hashOf } from 'node:crypto'
import { CompactRange } from './merkle.ts'

export const FULL = 256
export const HASH = 32
/** Largest entry bundle: 256 entries of 65,535 bytes with their lengths. */
export const BUNDLE_LIMIT = FULL * (2 + 65_535)

/** Path of a tile or bundle below the folder. */
export function pathOfTile(level: number | 'entries', index: number, width: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/gu) ?? []
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width === FULL ? '' : `.p/${width}`}`
}

/** What a path of a partial tile names. Only what {@link pathOfTile} writes is read. */
export function readPartialPath(
  path: string,
): { level: number | 'entries'; index: number; width: number } | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})\.p\/(\d{1,3})$/u.exec(path)
  if (match === null) return undefined
  const level = match[1] === 'entries' ? 'entries' : Number(match[1])
  const index = Number((match[2] ?? '').replaceAll(/[x/]/gu, ''))
  const width = Number(match[3])
  const exact = width > 0 && width < FULL && pathOfTile(level, index, width) === path
  return exact ? { level, index, width } : undefined
}

/** Entries of a bundle as far as they can be read, and whether that was all of it. */
export function splitBundle(bytes: Buffer): { entries: Buffer[]; whole: boolean } {
  const entries: Buffer[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const next = at + 2 + bytes.readUInt16BE(at)
    if (next > bytes.length) break
    entries.push(bytes.subarray(at + 2, next))
    at = next
  }
  return { entries, whole: at === bytes.length }
}

/** Collects leaf hashes and gives every tile they make, full ones at once and partial ones at the end. */
export class TileBuilder {
  readonly #levels: { hashes: Buffer[]; tiles: number }[] = []
  readonly #emit: (path: string, bytes: Buffer) => void

  constructor(emit: (path: string, bytes: Buffer) => void) {
    this.#emit = emit
  }

  push(hash: Buffer, level = 0): void {
    const state = (this.#levels[level] ??= { hashes: [], tiles: 0 })
    state.hashes.push(hash)
    if (state.hashes.length < FULL) return
    this.#emit(pathOfTile(level, state.tiles, FULL), Buffer.concat(state.hashes))
    const range = new CompactRange()
    for (const one of state.hashes) range.push(one)
    state.hashes = []
    state.tiles += 1
    this.push(range.root(), level + 1)
  }

  finish(): void {
    for (const [level, { hashes, tiles }] of this.#levels.entries())
      if (hashes.length > 0)
        this.#emit(pathOfTile(level, tiles, hashes.length), Buffer.concat(hashes))
  }
}

/** SHA-256 of a file, to compare it later. */
export function digest(bytes: Buffer): string {
  return hashOf('sha256', bytes)
}
