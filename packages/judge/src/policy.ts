/**
 * One policy as Cedar itself reads it.
 */
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'

/**
 * Cedar's reading of one policy.
 *
 * @throws SekishoError CONFIG_INVALID when it cannot be read.
 */
export function policyOf(key: string, text: string): PolicyJson {
  const answer = policyToJson(text)
  if (answer.type === 'failure') throw new SekishoError('CONFIG_INVALID', `${key} cannot be read`)
  return answer.json
}

/** The one question in the scope of the policy; `undefined` when the scope is anything else. */
export function questionOf({ action }: PolicyJson): string | undefined {
  if (action.op !== '==' || !('entity' in action)) return undefined
  const { entity } = action
  return 'id' in entity && entity.type === 'Sekisho::Action' ? entity.id : undefined
}
