import { BOTH, CALLED, ENDING, GONE_TO, INTO, NOT, OVER } from '../space/diagram.ts'
import type { Diagram, Operation } from '../space/diagram.ts'
import type { Field, Span } from '../space/field.ts'
import type { Space } from '../space/space.ts'
import type { Action, Condition, Filter, Hook, Rule } from './filter.ts'

/** Every span of every field that a filter mentions: what a space must be cut at to hold it. */
export function* spansOf(filter: Filter): Generator<readonly [Field, Span]> {
  for (const { families, conditions } of filter.hooks) {
    for (const family of families) yield ['family', familySpan(family)]
    yield* conditionSpans(conditions ?? [])
  }
  for (const { box } of filter.unsaid ?? []) {
    for (const [field, spans] of box) for (const span of spans) yield [field, span]
  }
  for (const rules of filter.chains.values()) {
    for (const { conditions } of rules) yield* conditionSpans(conditions)
  }
}

function* conditionSpans(conditions: readonly Condition[]): Generator<readonly [Field, Span]> {
  for (const condition of conditions) {
    if (condition.kind !== 'in') continue
    for (const box of condition.boxes) {
      for (const [at, spans] of box.entries()) {
        for (const span of spans) yield [condition.fields[at]!, span]
      }
    }
  }
}

const familySpan = (family: 4 | 6): Span => ({ from: BigInt(family), until: BigInt(family) + 1n })

/**
 * What becomes of every packet: ends in `accept`, in `deny`, or in both where a condition could not be told.
 *
 * @throws RangeError when chains call each other in a ring; no kernel loads such a text, and readers refuse it
 */
export function evaluate(space: Space, filter: Filter): Diagram {
  const known = new Map<string, Diagram>()
  const open = new Set<string>()
  const chain = (name: string): Diagram => {
    const done = known.get(name)
    if (done !== undefined) return done
    if (open.has(name)) throw new RangeError(`chain ${name} calls itself`)
    open.add(name)
    const rules = filter.chains.get(name) ?? []
    const made = space.overAll(rules.map((rule) => ruleDiagram(space, rule, chain)))
    open.delete(name)
    known.set(name, made)
    return made
  }
  const hooks = filter.hooks.map((hook) => hookDiagram(space, hook, chain(hook.chain)))
  return hooks.reduce((all, one) => space.apply(BOTH, all, one), ENDING.accept)
}

function hookDiagram(space: Space, hook: Hook, chain: Diagram): Diagram {
  const policy = hook.policy === 'accept' ? ENDING.accept : ENDING.deny
  const ended = space.apply(OVER, space.apply(CALLED, chain, ENDING.pass), policy)
  const spans = hook.families.map((family) => familySpan(family))
  const here = space.box([['family', spans]], ENDING.accept)
  const inside = where(space, hook.conditions ?? [], ended)
  return space.apply(OVER, space.apply(INTO, here, inside), ENDING.accept)
}

const ruleDiagram = (space: Space, rule: Rule, chain: (name: string) => Diagram): Diagram =>
  where(space, rule.conditions, actionDiagram(space, rule.action, chain))

/** `inside` where all conditions hold, nothing where one does not. */
const where = (space: Space, conditions: readonly Condition[], inside: Diagram): Diagram =>
  conditions.reduceRight(
    (held, condition) => space.apply(INTO, conditionDiagram(space, condition), held),
    inside,
  )

function actionDiagram(space: Space, action: Action, chain: (name: string) => Diagram): Diagram {
  switch (action.kind) {
    case 'accept':
      return ENDING.accept
    case 'deny':
      return ENDING.deny
    case 'back':
      return ENDING.back
    case 'call':
      return space.apply(CALLED, chain(action.chain), ENDING.pass)
    case 'go':
      return space.apply(GONE_TO, chain(action.chain), ENDING.pass)
    case 'unknown':
      return ENDING.accept | ENDING.deny | ENDING.pass
  }
}

/** Ends in `accept` where the condition holds, in `pass` where not, in both where nobody can tell. */
function conditionDiagram(space: Space, condition: Condition): Diagram {
  if (condition.kind === 'unknown') return ENDING.accept | ENDING.pass
  const boxes = condition.boxes.map((box) =>
    space.box(
      box.map((spans, at) => [condition.fields[at]!, spans] as const),
      ENDING.accept,
    ),
  )
  const held = space.overAll(boxes)
  return condition.negated ? space.apply(NOT satisfies Operation, held, ENDING.pass) : held
}
