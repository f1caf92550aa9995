import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../verify/index.ts'
import { disarmHere } from './here.ts'
import { REFUSAL_REASONS, isDisarmRule } from './rules.ts'

const SAMPLES = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url))
/** Pictures and PDFs are swept beside their own families. */
const FOLDERS = ['archive', 'text', 'odf', 'ole', 'rtf', 'mail']

/** What is wrong with one file's answer; empty when the promise was kept. */
function faultOf(path: string, name: string): { readonly fault: string; readonly reason: string } {
  const { report, output } = disarmHere(readFileSync(path), { name })
  const reason = report.reason ?? ''
  const unknown = [...report.removed, ...report.kept].find(({ rule }) => !isDisarmRule(rule))
  if (unknown) return { fault: `${name}: unknown rule ${unknown.rule}`, reason }
  if (report.verdict === 'refused') {
    const known = REFUSAL_REASONS.includes(reason) && reason !== 'ENG-CRASH'
    return { fault: known ? '' : `${name}: ${reason}`, reason }
  }
  const clean = verifyClean(output ?? new Uint8Array(), report.outputType)
  return { fault: clean.clean ? '' : `${name}: ${clean.reason} ${clean.where}`, reason }
}

function sweep(folder: string) {
  return readdirSync(join(SAMPLES, folder)).map((name) =>
    faultOf(join(SAMPLES, folder, name), name),
  )
}

describe.skipIf(!existsSync(SAMPLES))(
  'files of the world are written clean or refused with a reason',
  () => {
    it.each(FOLDERS)('%s', (folder) => {
      expect(sweep(folder).filter(({ fault }) => fault !== '')).toEqual([])
    })

    it('ooxml, and nine of ten are written that are neither encrypted, damaged nor of another form', () => {
      const answers = sweep('ooxml')
      expect(answers.filter(({ fault }) => fault !== '')).toEqual([])
      const unable = /^(?:ENCRYPTED|OX-STRICT|OX-XLSB|OX-DTD|ZIP-|TYPE-DENIED)/
      const able = answers.filter(({ reason }) => !unable.test(reason))
      expect(able.length).toBeGreaterThan(100)
      expect(
        able.filter(({ reason }) => reason === '').length / able.length,
      ).toBeGreaterThanOrEqual(0.9)
    })
  },
)
