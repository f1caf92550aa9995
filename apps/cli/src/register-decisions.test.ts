import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { createLog, createLogKey } from '@sekisho/evidence'
import { readWorkbook } from '@sekisho/report'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOWN } from '../../../packages/report/src/register/book.test-support.ts'
import { run } from './run.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-decisions-'))
const evidence = join(folder, 'evidence')
const town = join(folder, 'town.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const entry = (kind: EvidenceEntry['kind'], number: string): EvidenceEntry => ({
  v: 1,
  kind,
  at: '2026-11-20T01:00:00.000Z',
  side: 'high',
  model: 'ab'.repeat(32),
  actor: 's0002',
  number,
  detail: { question: 'dispose', subject: '旧HDD', result: 'pass', facts: '{}' },
})

const ORIGIN = 'decisions.example/high'
const { signer, verifier } = createLogKey(ORIGIN)
beforeAll(async () => {
  writeFileSync(town, TOWN)
  const log = await createLog({ dir: evidence, origin: ORIGIN, signer })
  await log.append('one', entry('received', 'S-1'))
  await log.append('two', entry('decided', 'D-1'))
  await log.close()
})

describe('register decisions', () => {
  it('writes what was decided, with the names of the town', async () => {
    const out = join(folder, 'out.xlsx')
    const { code, err } = await run(
      'register',
      'decisions',
      evidence,
      town,
      '--out',
      out,
      '--key',
      verifier,
    )
    expect([code, err]).toEqual([0, expect.stringContaining('判断1件を')])
    const [sheet] = readWorkbook(readFileSync(out))!.sheets
    expect(sheet!.rows.size).toBe(2)
    const texts = [...sheet!.rows.get(1)!.values()].map((cell) => cell.kind === 'text' && cell.text)
    expect(texts).toEqual(expect.arrayContaining(['D-1', '𠮷田 健一', '通過']))
  })

  it('says whose key it took, and does without a town', async () => {
    const out = join(folder, 'plain.xlsx')
    const { code, err } = await run('register', 'decisions', evidence, '--out', out)
    expect([code, err]).toEqual([0, expect.stringContaining('フォルダの中のもの')])
  })

  it('writes nothing from a log that is not as it was', async () => {
    const out = join(folder, 'forged.xlsx')
    const path = readdirSync(evidence, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .find((one) => readFileSync(one).includes('旧HDD'))!
    const before = readFileSync(path)
    writeFileSync(path, before.toString().replace('旧HDD', '別HDD'))
    const { code, err } = await run('register', 'decisions', evidence, '--out', out)
    writeFileSync(path, before)
    expect([code, err]).toEqual([3, expect.stringContaining('書き出していません')])
    expect(existsSync(out)).toBe(false)
  })

  it('asks for the folder and for where to write', async () => {
    expect((await run('register', 'decisions', '--out', join(folder, 'x.xlsx'))).code).toBe(2)
    expect((await run('register', 'decisions', evidence)).code).toBe(2)
  })
})
