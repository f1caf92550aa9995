/**
 * Reading a folder that may be hostile: only regular files, only up to a stated size, never through a link.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Why a file could not be read. */
export type Unreadable = 'file-missing' | 'file-kind'

/** Bytes of a regular file of at most `limit` bytes. */
export function readRegular(dir: string, path: string, limit: number): Buffer | Unreadable {
  let file: number
  try {
    // O_NONBLOCK: a named pipe in place of a file must not make the auditor wait for ever.
    file = openSync(
      join(dir, path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? 'file-missing'
      : 'file-kind'
  }
  try {
    const stat = fstatSync(file)
    return stat.isFile() && stat.size <= limit ? readFileSync(file) : 'file-kind'
  } catch {
    return 'file-kind'
  } finally {
    closeSync(file)
  }
}

/** Deepest folder a log has: `tile/<level>/x000/x000/x000/x000/000.p/`. */
const MAX_DEPTH = 9

/** Every path below a folder that is not itself a folder, with `/` between names, in name order. */
export function* walk(
  dir: string,
  below = '',
  depth = 0,
): Generator<{ path: string; regular: boolean }> {
  for (const item of readdirSync(join(dir, below), { withFileTypes: true })) {
    const path = below === '' ? item.name : `${below}/${item.name}`
    if (item.isDirectory() && depth < MAX_DEPTH) yield* walk(dir, path, depth + 1)
    else yield { path, regular: item.isFile() }
  }
}
