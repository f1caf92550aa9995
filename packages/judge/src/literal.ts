/**
 * The words a policy compares its facts with. Cedar accepts `context.zone == "lgwna"`; such a rule would never fire.
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'

/** A fact and a word that the policy compares it with. */
export interface ComparedWord {
  readonly fact: string
  readonly word: string
}

/** Every comparison of a fact with a literal word in the policy. */
export function wordsComparedIn(policy: PolicyJson): readonly ComparedWord[] {
  return policy.conditions.flatMap((clause) => walk(clause.body))
}

const COMPARISONS = ['==', '!=', 'contains', 'containsAll', 'containsAny']

function walk(node: unknown): ComparedWord[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(walk)
  return Object.entries(node).flatMap(([operator, inner]: [string, unknown]) =>
    COMPARISONS.includes(operator) ? [...compared(inner), ...walk(inner)] : walk(inner),
  )
}

function compared(inner: unknown): ComparedWord[] {
  const { left, right } = inner as { left?: unknown; right?: unknown }
  const fact = factOf(left) ?? factOf(right)
  if (fact === undefined) return []
  return [...wordsOf(left), ...wordsOf(right)].map((word) => ({ fact, word }))
}

/** `context.name` → name. */
function factOf(node: unknown): string | undefined {
  const access = field(node, '.')
  const attribute = field(access, 'attr')
  return field(field(access, 'left'), 'Var') === 'context' && typeof attribute === 'string'
    ? attribute
    : undefined
}

function wordsOf(node: unknown): string[] {
  const value = field(node, 'Value')
  if (typeof value === 'string') return [value]
  const set = field(node, 'Set')
  return Array.isArray(set) ? set.flatMap(wordsOf) : []
}

function field(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, name)
    ? (node as Record<string, unknown>)[name]
    : undefined
}
