import type { Place } from './place.ts'
import type { Question } from './question.ts'
import type { Sighting } from './sighting.ts'

/**
 * As few questions as show, with a firewall that stops nothing, that every target can be reached at every port asked, and every sender can reach every plug:
 * without that, "nothing came" would also be said of a network that is dead.
 */
export function controlsOf(
  questions: readonly Question[],
  places: readonly Place[],
): readonly Question[] {
  const seen = new Set<string>()
  const needed = questions.filter((question) => {
    const keys = controlKeys(question, places)
    if (keys.every((key) => seen.has(key))) return false
    for (const key of keys) seen.add(key)
    return true
  })
  // From another port than in earnest: a connection that was made now must not be in the kernel's memory then.
  return needed.map(({ from, to, family, source, target, protocol, port, reason }) => ({
    from,
    to,
    family,
    source,
    target,
    protocol,
    port,
    reason,
  }))
}

/**
 * Whether a question can be believed when nothing came: its target was reached at that port, and its sender reached that plug, while nothing was in the way.
 *
 * @param controls with what became of each while the firewall stopped nothing
 */
export function controlled(
  controls: readonly (readonly [Question, Sighting])[],
  places: readonly Place[],
): (question: Question) => boolean {
  const shown = new Set(
    controls.flatMap(([question, sighting]) => {
      // No answer finds the way back to a liar; that it came is all there is to see.
      const works = sighting === 'answered' || (isLie(question) && sighting === 'arrived')
      return works ? controlKeys(question, places) : []
    }),
  )
  return (question) => controlKeys(question, places).every((key) => shown.has(key))
}

export const isLie = ({ reason }: Question): boolean =>
  reason === 'spoofed' || reason === 'wrong-mac'

function controlKeys(question: Question, places: readonly Place[]): readonly string[] {
  const { from, to, family, source, target, protocol, port } = question
  const out = places[to]!.plug
  const way = `from ${from} ${family} ${source} ${out}`
  return isLie(question) ? [way] : [way, `to ${family} ${target} ${protocol} ${port}`]
}
