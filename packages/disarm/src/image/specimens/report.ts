/** For tests only: one rebuild with what was reported, in a form that reads well in an assertion. */
import { verifyClean } from '@sekisho/disarm/verify'
import { Context } from '../../family.ts'
import { rebuildImage } from '../index.ts'

export interface Outcome {
  readonly reason: string | undefined
  readonly type: string | undefined
  readonly size: string | undefined
  readonly output: Uint8Array
  /** Rule ids with counts, e.g. `IMG-EXIF 2`. */
  readonly removed: readonly string[]
}

export function disarmImage(bytes: Uint8Array): Outcome {
  const context = new Context()
  const rebuilt = rebuildImage(bytes, context)
  const removed = context.report().removed.map(({ rule, count }) => `${rule} ${count}`)
  return rebuilt.ok
    ? {
        reason: undefined,
        type: rebuilt.type,
        size: `${rebuilt.width}x${rebuilt.height}`,
        output: rebuilt.output,
        removed,
      }
    : {
        reason: rebuilt.reason,
        type: undefined,
        size: undefined,
        output: new Uint8Array(0),
        removed,
      }
}

/** What the independent verifier says of an output: the type, or why not. */
export function verified(output: Uint8Array): string {
  const verdict = verifyClean(output)
  return verdict.clean ? verdict.type : `${verdict.reason} ${verdict.where}`
}

export function contains(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).includes(Buffer.from(text, 'latin1'))
}
