import { UsageError } from './command.ts'
import type { Arguments } from './command.ts'

/**
 * Where a form goes that a terminal cannot show.
 *
 * @throws UsageError without `--out`
 */
export function needOut(args: Arguments, format: string): string {
  const out = args.text('out')
  if (out === undefined)
    throw new UsageError(`--format ${format} には、書き先を --out FILE で指定してください。`)
  return out
}

/**
 * @throws UsageError when `--out` stands with a form that goes to the terminal
 */
export function refuseOut(args: Arguments, forms: readonly string[]): void {
  if (args.text('out') !== undefined)
    throw new UsageError(`--out は、--format ${forms.join('・')} のときに使えます。`)
}

/**
 * The one of `known` that `--format` names; `--json` is short for `--format json`.
 *
 * @throws UsageError when it is none of them
 */
export function readFormat<Format extends string>(
  args: Arguments,
  known: readonly Format[],
): Format {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = known.find((one) => one === wanted)
  if (format === undefined) throw new UsageError(`--format は ${known.join('・')} のどれかです。`)
  return format
}
