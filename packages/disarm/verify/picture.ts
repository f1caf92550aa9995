import { verifyBmp } from './bmp.ts'
import type { Budget } from './budget.ts'
import { verifyEmf } from './emf.ts'
import { verifyGif } from './gif.ts'
import { verifyJpeg } from './jpeg.ts'
import { verifyPng } from './png.ts'
import { verifyTiff } from './tiff.ts'
import { verifyWebp } from './webp.ts'
import { verifyWmf } from './wmf.ts'

type Verifier = (bytes: Uint8Array, budget: Budget, where: string) => void

const VERIFIERS: ReadonlyMap<string, Verifier> = new Map<string, Verifier>([
  ['png', verifyPng],
  ['jpeg', verifyJpeg],
  ['gif', verifyGif],
  ['tiff', verifyTiff],
  ['bmp', verifyBmp],
  ['webp', verifyWebp],
  ['emf', verifyEmf],
  ['wmf', verifyWmf],
])

/** True for the types of pictures that may stand alone or inside a document. */
export function isPicture(type: string): boolean {
  return VERIFIERS.has(type)
}

/** Rejects unless `bytes` are a picture of exactly this type in the written form. */
export function verifyPicture(
  bytes: Uint8Array,
  type: string,
  budget: Budget,
  where: string,
): void {
  const verify = VERIFIERS.get(type)
  if (!verify) throw new Error('not a type of picture')
  verify(bytes, budget, where)
}
