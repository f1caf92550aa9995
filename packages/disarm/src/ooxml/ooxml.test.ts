import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Removal } from '@sekisho/core'
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

function rulesOf(rows: readonly Removal[]): string[] {
  return rows.map(({ rule }) => rule)
}

const refusals = cases.filter(([, { refused }]) => refused !== undefined)
const rebuilds = cases.filter(([, { refused }]) => refused === undefined)

describe('cases of corpus/disarm/ooxml that are refused', () => {
  it.each(refusals.map(([file, one]) => ({ file, one, title: one.title })))(
    '$file: $title',
    ({ one }) => {
      const { report, output } = disarmHere(packageOf(one), { name: one.name })
      expect(report).toMatchObject({ verdict: 'refused', reason: one.refused })
      expect(output).toBeUndefined()
    },
  )
})

describe('cases of corpus/disarm/ooxml that are rebuilt', () => {
  it.each(rebuilds.map(([file, one]) => ({ file, one, title: one.title })))(
    '$file: $title',
    ({ one }) => {
      const { report, output = new Uint8Array() } = disarmHere(packageOf(one), { name: one.name })
      expect(report.reason).toBeUndefined()
      expect(report.outputType).toBe(one.outputType ?? report.outputType)
      expect(rulesOf(report.removed)).toEqual(expect.arrayContaining([...(one.removed ?? [])]))
      expect(rulesOf(report.kept)).toEqual(expect.arrayContaining([...(one.kept ?? [])]))
      const written = everythingIn(output)
      const lower = written.toLowerCase()
      expect((one.gone ?? []).filter((text) => lower.includes(text.toLowerCase()))).toEqual([])
      expect((one.stays ?? []).filter((text) => !written.includes(text))).toEqual([])
      expect(verifyClean(output)).toMatchObject({ clean: true })
    },
  )
})
