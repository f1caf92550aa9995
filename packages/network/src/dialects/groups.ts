/** Groups in groups at most: machines have a few, a hostile text as many as it likes. */
const MAX_DEPTH = 16

/**
 * Looks names up that may stand for groups of names. Each is made once, so that groups which name one another a thousand times over cost no more than their lines.
 *
 * @param make what a name means, given how to look up others
 * @param ring what a name means that leads back to itself
 */
export function lookup<Meant>(
  make: (name: string, named: (name: string) => Meant) => Meant,
  ring: (name: string) => Meant,
): (name: string) => Meant {
  const known = new Map<string, Meant>()
  const open = new Set<string>()
  const named = (name: string): Meant => {
    if (known.has(name)) return known.get(name) as Meant
    if (open.has(name) || open.size > MAX_DEPTH) return ring(name)
    open.add(name)
    const made = make(name, named)
    open.delete(name)
    known.set(name, made)
    return made
  }
  return named
}
