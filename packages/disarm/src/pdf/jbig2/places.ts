import type { BitStream } from './bit-stream.ts'
import { damaged } from './damage.ts'
import type { Place } from './generic.ts'
import { USUAL_REFINEMENT_PLACES } from './refinement.ts'
import type { RefinementCoding } from './refinement.ts'

/** Adaptive pixels, as they stand before the data of a segment. */
export function readPlaces(stream: BitStream, count: number): readonly Place[] {
  return Array.from({ length: count }, () => {
    const x = stream.signedByte()
    const y = stream.signedByte()
    // Only what is decoded already: above, or to the left.
    if (y > 0 || (y === 0 && x >= 0)) damaged()
    return [x, y] as const
  })
}

/** Where nothing is refined. */
export const USUAL_REFINEMENT: RefinementCoding = {
  template: 0,
  adaptive: USUAL_REFINEMENT_PLACES,
  typical: false,
}

/** How refinements are coded. The second place is on what is refined, all of which is known. */
export function readRefinement(
  stream: BitStream,
  template: number,
  typical: boolean,
): RefinementCoding {
  if (template === 1) return { template, adaptive: [], typical }
  const [own] = readPlaces(stream, 1)
  const theirs = [stream.signedByte(), stream.signedByte()] as const
  return { template, adaptive: [own!, theirs], typical }
}
