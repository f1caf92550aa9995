/**
 * Workbooks that are brought to the LGWAN side, where the town has a virus scanner.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScanVerdict } from '@sekisho/disarm'
import { exportRegisters } from '@sekisho/report'
import { readTown } from '@sekisho/town'
import { afterAll, describe, expect, test } from 'vitest'
import { until } from './browser.test-support.ts'
import { createImports, importId } from './high/imports.ts'
import type { Imports } from './high/imports.ts'
import { createReadingBox } from './host/reading-box.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../../examples/kasumi/town.yaml'), 'utf8')
const read = readTown(TEXT)
if (!read.ok) throw new Error('kasumi')
const WORK = { bytes: exportRegisters(read, '2026-11-25'), name: '台帳.xlsx', remove: false }
/** Longest wait for one workbook on a busy machine, ms. */
const SLOW = 180_000
const box = createReadingBox({ size: 1 })
const { verify } = box
afterAll(() => box.close())

/** Reasons why it is not read; none for a preview. */
async function reasonsOf(imports: Imports): Promise<readonly string[]> {
  const id = importId(WORK)
  imports.ask(id, WORK, WORK)
  const found = await until(async () => imports.find(id)?.found ?? false, { ms: SLOW })
  if (found.state === 'stopped') throw new Error('stopped')
  return found.preview.ok ? [] : found.preview.problems.map(({ reason }) => reason)
}

describe('a workbook that a scanner is asked about', () => {
  test(
    'is not read while the scanner is silent, and is when it is brought again afterwards',
    async () => {
      const verdicts: ScanVerdict[] = ['unavailable', 'clean', 'clean']
      const imports = createImports(TEXT, {
        verify,
        scan: async () => verdicts.shift() ?? 'unavailable',
      })
      expect(await reasonsOf(imports)).toEqual(['REG-SCAN-DOWN'])
      expect(await reasonsOf(imports)).toEqual([])
      expect(verdicts).toEqual([])
    },
    SLOW,
  )

  test(
    'is not read when the scanner knows it, as it came or as it was rebuilt',
    async () => {
      for (const verdicts of [['found'], ['clean', 'found']] as ScanVerdict[][]) {
        const scan = async (): Promise<ScanVerdict> => verdicts.shift() ?? 'clean'
        expect(await reasonsOf(createImports(TEXT, { verify, scan }))).toEqual(['REG-SCAN-HIT'])
      }
    },
    SLOW,
  )
})
