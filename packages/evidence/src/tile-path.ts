/**
 * Where a tile or an entry bundle lives below the log's folder. C2SP tlog-tiles, "Merkle Tree" and "Log entries".
 */

/** Hashes of a full tile, entries of a full bundle. */
export const TILE_WIDTH = 256

/** A tile level, or the entry bundles. */
export type TileLevel = number | 'entries'

/**
 * Path of a tile: `tile/0/x001/234`, or of a partial one: `tile/0/x001/234.p/17`.
 *
 * @param width hashes in it, 1 to 256; below 256 names the partial tile
 */
export function tilePath(level: TileLevel, index: number, width: number = TILE_WIDTH): string {
  const full = `tile/${level}/${tileNumber(index)}`
  return width === TILE_WIDTH ? full : `${full}.p/${width}`
}

/** Path of the folder that holds the partial forms of a tile. */
export function partialFolder(level: TileLevel, index: number): string {
  return `tile/${level}/${tileNumber(index)}.p`
}

/** What a path below the log's folder names, or `undefined` when it is not a tile written exactly as the spec says. */
export function readTilePath(
  path: string,
): { level: TileLevel; index: number; width: number } | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/u.exec(path)
  if (match === null) return undefined
  const level = match[1] === 'entries' ? 'entries' : Number(match[1])
  const index = Number((match[2] ?? '').replaceAll(/[x/]/gu, ''))
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3])
  return width > 0 && tilePath(level, index, width) === path ? { level, index, width } : undefined
}

function tileNumber(index: number): string {
  const groups = [threeDigits(index % 1000)]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${threeDigits(rest % 1000)}`)
  return groups.join('/')
}

function threeDigits(value: number): string {
  return String(value).padStart(3, '0')
}
