/**
 * The same two hundred files for everybody: 80 Office, 60 PDF, 40 pictures, 20 others, chosen from a folder of kinds by their order, so that the same
 * folder gives the same mix.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Sample {
  readonly kind: string
  readonly name: string
  readonly path: string
  readonly bytes: Uint8Array
}

/** Files of each kind in the mix, and the folders they come from. */
const SHARES: readonly (readonly [kind: string, folders: readonly string[], count: number])[] = [
  ['office', ['ooxml'], 80],
  ['pdf', ['pdf'], 60],
  ['image', ['image'], 40],
  ['other', ['text', 'odf', 'rtf', 'mail'], 20],
]

/** @param root folder with one folder per kind: `ooxml pdf image text odf rtf mail` */
export function mixOf(root: string): readonly Sample[] {
  return SHARES.flatMap(([kind, folders, count]) => {
    const paths = folders.flatMap((folder) =>
      readdirSync(join(root, folder))
        .toSorted()
        .map((name) => join(root, folder, name))
        .filter((path) => statSync(path).isFile() && statSync(path).size > 0),
    )
    // Fuzz fragments have no ending: a clerk never sends them.
    const named = paths.filter((path) => /\.[A-Za-z0-9]{2,5}$/.test(path))
    const step = Math.max(1, Math.floor(named.length / count))
    return named
      .filter((_, index) => index % step === 0)
      .slice(0, count)
      .map((path) => ({
        kind,
        name: path.slice(path.lastIndexOf('/') + 1),
        path,
        bytes: new Uint8Array(readFileSync(path)),
      }))
  })
}
