import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HeldCell } from '../excel/read.ts'
import { readWorkbook } from '../excel/read.ts'
import { exported, planned, rebuilt, sentences, SHEETS, withCells } from './book.test-support.ts'

const OFFICE = '/usr/bin/soffice'

describe.skipIf(!existsSync(OFFICE))('LibreOffice (skipped where it is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-office-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What LibreOffice saves after opening a workbook. */
  function saved(bytes: Uint8Array): Uint8Array {
    const file = join(folder, 'book.xlsx')
    const out = join(folder, 'out')
    writeFileSync(file, bytes)
    const profile = `-env:UserInstallation=file://${folder}/profile`
    execFileSync(OFFICE, [profile, '--headless', '--convert-to', 'xlsx', '--outdir', out, file], {
      stdio: 'ignore',
      timeout: 120_000,
    })
    return readFileSync(join(out, 'book.xlsx'))
  }

  it('reads our workbook as it is, and what it saves changes nothing', { timeout: 150_000 }, () => {
    const book = exported()
    const other = saved(book)
    const theirs = rebuilt(other)
    for (const sheet of readWorkbook(book)!.sheets) {
      const same = theirs.sheets.find(({ name }) => name === sheet.name)
      expect(same && plain(same.rows)).toEqual(plain(sheet.rows))
    }
    expect(sentences(planned(other))).toEqual([])
  })

  it('saves what a clerk typed so that it is read', { timeout: 150_000 }, () => {
    const typed = withCells(exported(), SHEETS.people, {
      B2: '葛\u{E0102}城 由美子',
      F2: { v: 46_477, s: 3 },
    })
    expect(sentences(planned(saved(typed)))).toEqual([
      '職員「葛\u{E0102}城 由美」の氏名が「葛\u{E0102}城 由美」から「葛\u{E0102}城 由美子」に変わります。',
      '職員「葛\u{E0102}城 由美」の離任の日が「空欄」から「令和9年3月31日」に変わります。',
    ])
  })
})

const plain = (rows: ReadonlyMap<number, ReadonlyMap<number, HeldCell>>): unknown =>
  [...rows].map(([row, cells]) => [row, [...cells]])
