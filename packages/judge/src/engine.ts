/**
 * The policy engine: Cedar through its stateful interface. One policy set per question, edition and
 * model, parsed on first use.
 */
import {
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import type { Verdict } from './answering.ts'
import type { CheckedQuestion } from './facts.ts'

/** Policies by key. */
export type PolicyTexts = Readonly<Record<string, string>>

const ASKER = { type: 'Sekisho::Asker', id: 'gate' }
const SUBJECT = { type: 'Sekisho::Subject', id: 'crossing' }
/** Schemas and sets already in the engine: it keeps them per thread for good. */
const known = new Set<string>()

/**
 * Asks the engine.
 *
 * @param name unique name of this policy set; the same name must always mean the same policies.
 */
export function decide(
  schema: { readonly name: string; readonly text: string },
  set: { readonly name: string; readonly policies: () => PolicyTexts },
  { question, facts }: CheckedQuestion,
): Verdict {
  once(`schema ${schema.name}`, () => preparseSchema(schema.name, schema.text))
  once(`set ${set.name}`, () => preparsePolicySet(set.name, { staticPolicies: set.policies() }))
  const answer = statefulIsAuthorized({
    principal: ASKER,
    action: { type: 'Sekisho::Action', id: question },
    resource: SUBJECT,
    context: facts as Record<string, boolean | number | string | string[]>,
    preparsedSchemaName: schema.name,
    // A second net: reading the context by the schema already stops what does not fit.
    validateRequest: true,
    preparsedPolicySetId: set.name,
    entities: [],
  })
  if (answer.type === 'failure') return { allowed: false, fired: [], errors: ['request'] }
  const { decision, diagnostics } = answer.response
  return {
    allowed: decision === 'allow',
    fired: diagnostics.reason,
    errors: diagnostics.errors.map((error) => error.policyId),
  }
}

function once(name: string, parse: () => { readonly type: 'success' | 'failure' }): void {
  if (known.has(name)) return
  if (parse().type === 'failure')
    throw new SekishoError('CONFIG_INVALID', `the rules of ${name} cannot be read`)
  known.add(name)
}
