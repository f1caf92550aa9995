import type { Diagram } from './diagram.ts'

/** A node, opened: at which level it asks, and where each stretch of atoms leads. */
export interface OpenNode {
  readonly level: number
  readonly starts: ArrayLike<number>
  readonly kids: ArrayLike<number>
}

/** Per level the stretches of atoms of which one must hold. */
export type AtomRegion = readonly (readonly (readonly [from: number, until: number])[])[]

/**
 * Everything of a diagram with a wanted end, as few regions: stretches that lead to the same place stand together, so that a rule about three networks is
 * one region and not three.
 *
 * @param open `undefined` for an end
 * @param most regions that are listed
 */
export function regionsOf(
  diagram: Diagram,
  sizes: readonly number[],
  open: (diagram: Diagram) => OpenNode | undefined,
  wanted: (ending: number) => boolean,
  most: number,
): readonly AtomRegion[] {
  const found: AtomRegion[] = []
  const barren = new Set<Diagram>()
  const path: (readonly (readonly [number, number])[])[] = sizes.map((size) => [[0, size]])
  const walk = (at: Diagram): boolean => {
    if (found.length >= most) return true
    if (barren.has(at)) return false
    const node = open(at)
    if (!node) {
      if (wanted(at)) found.push([...path])
      return wanted(at)
    }
    const { level, starts, kids } = node
    const stretches = new Map<Diagram, (readonly [number, number])[]>()
    for (let edge = 0; edge < kids.length; edge += 1) {
      const stretch = [starts[edge]!, starts[edge + 1] ?? sizes[level]!] as const
      const known = stretches.get(kids[edge]!)
      if (known) known.push(stretch)
      else stretches.set(kids[edge]!, [stretch])
    }
    let any = false
    for (const [kid, of] of stretches) {
      path[level] = of
      if (walk(kid)) any = true
    }
    path[level] = [[0, sizes[level]!]]
    if (!any) barren.add(at)
    return any
  }
  walk(diagram)
  return found
}
