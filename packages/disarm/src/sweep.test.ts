import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../verify/index.ts'
import { disarmHere } from './here.ts'
import { REFUSAL_REASONS, isDisarmRule } from './rules.ts'

const SAMPLES = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url))
const FOLDERS = ['ooxml', 'archive', 'text', 'odf', 'ole', 'rtf', 'mail']

describe.skipIf(!existsSync(SAMPLES))('files of the world', () => {
  for (const folder of FOLDERS) {
    it(`${folder}: written and clean, or refused with a reason; never a crash, never an unknown rule`, () => {
      for (const name of readdirSync(join(SAMPLES, folder))) {
        const { report, output } = disarmHere(readFileSync(join(SAMPLES, folder, name)), { name })
        for (const { rule } of [...report.removed, ...report.kept]) {
          expect(isDisarmRule(rule), `${name} ${rule}`).toBe(true)
        }
        if (report.verdict === 'refused') {
          expect(REFUSAL_REASONS, name).toContain(report.reason)
          expect(report.reason, name).not.toBe('ENG-CRASH')
        } else expect(verifyClean(output ?? new Uint8Array()), name).toMatchObject({ clean: true })
      }
    })
  }

  it('writes at least nine of ten Office files that are neither encrypted, damaged nor of another form', () => {
    const expected = /^(?:ENCRYPTED|OX-STRICT|OX-XLSB|OX-DTD|ZIP-|TYPE-DENIED)/
    const names = readdirSync(join(SAMPLES, 'ooxml'))
    const reports = names.map(
      (name) => disarmHere(readFileSync(join(SAMPLES, 'ooxml', name)), { name }).report,
    )
    const able = reports.filter(({ reason }) => !expected.test(reason ?? ''))
    const written = able.filter(({ verdict }) => verdict !== 'refused')
    expect(able.length).toBeGreaterThan(100)
    expect(written.length / able.length).toBeGreaterThanOrEqual(0.9)
  })
})
