import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { Context } from '../family.ts'
import { disarmHere } from '../index.ts'
import { readEntry, readZip } from '../zip/read.ts'
import type { Case } from './synthetic.test-support.ts'
import { packageOf } from './synthetic.test-support.ts'

const FOLDER = fileURLToPath(new URL('../../../../corpus/disarm/ooxml/', import.meta.url))
const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Case] as const)

/** All names and texts of a package, as one string. */
function everythingIn(output: Uint8Array): string {
  const context = new Context()
  const zip = readZip(output, context)
  return zip.entries
    .map(
      (entry) => `${entry.name}\n${Buffer.from(readEntry(zip, entry, context)).toString('utf8')}`,
    )
    .join('\n')
}

describe('cases of corpus/disarm/ooxml', () => {
  for (const [file, one] of cases) {
    it(`${file}: ${one.title}`, () => {
      const { report, output } = disarmHere(packageOf(one), { name: one.name })
      if (one.refused !== undefined) {
        expect(report).toMatchObject({ verdict: 'refused', reason: one.refused })
        expect(output).toBeUndefined()
        return
      }
      expect(report.reason).toBeUndefined()
      const written = everythingIn(output ?? new Uint8Array())
      const removed = report.removed.map(({ rule }) => rule)
      for (const rule of one.removed ?? []) expect(removed).toContain(rule)
      for (const rule of one.kept ?? []) expect(report.kept.map((row) => row.rule)).toContain(rule)
      for (const text of one.gone ?? []) {
        expect(written.toLowerCase()).not.toContain(text.toLowerCase())
      }
      for (const text of one.stays ?? []) expect(written).toContain(text)
      if (one.outputType !== undefined) expect(report.outputType).toBe(one.outputType)
      expect(verifyClean(output ?? new Uint8Array())).toMatchObject({ clean: true })
    })
  }
})
