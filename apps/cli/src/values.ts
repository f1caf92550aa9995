import { EDITIONS, MODELS } from '@sekisho/core'
import type { Edition, Model } from '@sekisho/core'
import { UsageError } from './command.ts'
import type { Arguments } from './command.ts'

/** @throws UsageError when it is not one of the editions */
export function readEdition(wanted: string): Edition {
  const edition = EDITIONS.find((known) => known === wanted)
  if (edition === undefined)
    throw new UsageError(`--edition は ${EDITIONS.join('・')} のどれかです。`)
  return edition
}

/**
 * A model as written in the guideline, or as a plain keyboard writes it: `a`, `a'`, `a-prime`, `β'`.
 *
 * @throws UsageError when it is not one of the models
 */
export function readModel(wanted: string): Model {
  const written = wanted
    .replace(/^(?:alpha|a)(?![a-z])/u, 'α')
    .replace(/^(?:beta|b)(?![a-z])/u, 'β')
    .replace(/(?:-prime|'|’|‵)$/u, '′')
  const model = MODELS.find((known) => known === written)
  if (model === undefined) throw new UsageError(`モデルは ${MODELS.join('・')} のどれかです。`)
  return model
}

/**
 * The day of `--at`, when it was given.
 *
 * @throws UsageError when it is not a day of the calendar
 */
export function readDate(args: Arguments): string | undefined {
  const wanted = args.text('at')
  if (wanted === undefined) return undefined
  const date = new Date(`${wanted}T00:00:00Z`)
  const real =
    /^\d{4}-\d{2}-\d{2}$/u.test(wanted) &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString().startsWith(wanted)
  if (!real) throw new UsageError('--at は 2026-11-22 のように、ある日付を書いてください。')
  return wanted
}
