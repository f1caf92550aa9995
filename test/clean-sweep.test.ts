import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { describe, expect, it } from 'vitest'

/** Real files beside the repository, when they are there. */
const FOLDER = resolve(import.meta.dirname, '../../shared/samples')
const ROOT = existsSync(FOLDER) ? FOLDER : undefined
const KINDS = ['ooxml', 'pdf', 'image', 'archive', 'text']
const ALL = process.env['SEKISHO_SWEEP'] === 'all'
/** Of each kind every n-th file, and none that takes long: the whole sweep is for `SEKISHO_SWEEP=all`. */
const STEP: Readonly<Record<string, number>> = ALL ? {} : { ooxml: 4, pdf: 4, image: 6 }
const MOST_BYTES = ALL ? Number.POSITIVE_INFINITY : 256 * 1024

function samplesOf(kind: string): readonly string[] {
  const folder = join(ROOT ?? '', kind)
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).toSorted()
  return names
    .filter((_, index) => index % (STEP[kind] ?? 1) === 0)
    .filter((name) => readFileSync(join(folder, name)).length <= MOST_BYTES)
}

describe.skipIf(ROOT === undefined)('real files', () => {
  it.each(KINDS)(
    '%s: whatever is written is accepted, not empty, and written again byte for byte',
    { timeout: 600_000 },
    (kind) => {
      const wrong: string[] = []
      let written = 0
      for (const name of samplesOf(kind)) {
        const { output, report } = disarmHere(readFileSync(join(ROOT!, kind, name)), { name })
        if (!output) {
          if (report.verdict !== 'refused') wrong.push(`${name}: nothing written`)
          continue
        }
        written++
        const fault = faultOf(output, report.outputType)
        if (fault !== '') wrong.push(`${name}: ${fault}`)
      }
      expect(wrong).toEqual([])
      // The sample archives are all hostile: none of them may come out.
      expect(written > 0).toBe(kind !== 'archive')
    },
  )
})

/** What is wrong with a written file; empty when nothing is. */
function faultOf(output: Uint8Array, type: string): string {
  const verdict = verifyClean(output, type)
  if (!verdict.clean) return `${verdict.reason} ${verdict.where}`
  if (output.length === 0) return 'empty'
  const again = disarmHere(output, { name: `a.${type}` })
  if (!again.output) return `refused the second time: ${again.report.reason ?? ''}`
  return Buffer.from(again.output).equals(output) ? '' : 'written differently the second time'
}
