import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { openLogReader } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { modelDigest, readTown } from '@sekisho/town'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from './run.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../examples/kasumi/town.yaml')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decide-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function request(change: object = {}, question = 'classify'): Promise<string> {
  const template = JSON.parse((await run('decide', question, '--template')).out)
  const path = join(folder, 'request.json')
  writeFileSync(path, JSON.stringify({ ...template, facts: { ...template.facts, ...change } }))
  return path
}

const record = (path: string, ...more: readonly string[]) =>
  run('decide', path, '--town', KASUMI, '--record', join(folder, 'kept'), ...more)

async function entries(): Promise<readonly EvidenceEntry[]> {
  const reader = await openLogReader({ dir: join(folder, 'kept/log') })
  const all: EvidenceEntry[] = []
  for await (const { entry } of reader.entries(0)) all.push(entry)
  return all
}

describe('a decision of the command line', () => {
  it('stands in the evidence with its facts, as the page records it, and the log is whole', async () => {
    const decided = await record(
      await request({ bidSecret: true }),
      '--subject',
      '予定価格の一覧',
      '--because',
      '入札の前に作るため',
    )
    expect([decided.code, decided.err]).toEqual([0, expect.stringContaining('判断 D-1 として')])
    const [entry] = await entries()
    const town = readTown(readFileSync(KASUMI, 'utf8'))
    expect(entry).toMatchObject({
      kind: 'decided',
      number: 'D-1',
      model: town.ok && modelDigest(town.town),
      detail: { question: 'classify', subject: '予定価格の一覧', because: '入札の前に作るため' },
    })
    expect(JSON.parse(String(entry!.detail['facts']))).toMatchObject({
      bidSecret: true,
      model: 'α',
    })
    expect(entry!.detail['found']).toEqual(expect.arrayContaining([expect.stringContaining('3C')]))
    expect(verifyFolder(join(folder, 'kept/log')).ok).toBe(true)
    // The key signs the log: it is for nobody else.
    expect(statSync(join(folder, 'kept/signer')).mode & 0o077).toBe(0)
  })

  it('is never written over: another gets the next number, and replaces it only with a reason', async () => {
    const path = await request()
    await record(path, '--subject', '名簿')
    const bare = await record(path, '--subject', '名簿', '--supersedes', 'D-1')
    expect([bare.code, bare.err]).toEqual([2, expect.stringContaining('--because')])
    const again = await record(
      path,
      '--subject',
      '名簿',
      '--supersedes',
      'D-1',
      '--because',
      '職員の名簿と分かったため',
    )
    expect([again.code, again.err]).toEqual([0, expect.stringContaining('判断 D-2 として')])
    const all = await entries()
    expect(all.map(({ number }) => number)).toEqual(['D-1', 'D-2'])
    expect(all[1]!.detail['supersedes']).toBe('D-1')
  })

  it('replaces nothing that is not there, is about another question, or was replaced', async () => {
    const path = await request()
    await record(path, '--subject', '名簿')
    const why = ['--subject', '名簿', '--because', '見直したため', '--supersedes'] as const
    expect((await record(path, ...why, 'D-7')).err).toContain('D-7 は、この証跡にありません')
    const other = await request({}, 'register-flow')
    expect((await record(other, ...why, 'D-1')).err).toContain('D-1 は、この証跡にありません')
    await record(await request(), ...why, 'D-1')
    const twice = await record(await request(), ...why, 'D-1')
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('もう置き換えられて')])
    expect((await entries()).map(({ number }) => number)).toEqual(['D-1', 'D-2'])
  })

  it('is recorded also when it stops what was asked, and then ends as that', async () => {
    const stopped = await record(
      await request({}, 'register-flow'),
      '--subject',
      '新しい相手',
      '--json',
    )
    expect([4, 5]).toContain(stopped.code)
    expect(JSON.parse(stopped.out)).toMatchObject({ number: 'D-1', index: 0 })
    expect((await entries())[0]!.detail['result']).toBe(JSON.parse(stopped.out).result)
  })

  it('is none where the facts do not fit the question, and that is told', async () => {
    const unfit = await record(await request({ bidSecret: 'はい' }), '--subject', '名簿')
    expect([unfit.code, unfit.err]).toEqual([4, expect.stringContaining('残していません')])
    expect(await entries().catch(() => [])).toEqual([])
  })

  it.each([
    ['no town', (path: string) => ['decide', path, '--record', 'kept', '--subject', '名簿']],
    ['no subject', (path: string) => ['decide', path, '--town', KASUMI, '--record', 'kept']],
    ['no place', (path: string) => ['decide', path, '--town', KASUMI, '--subject', '名簿']],
  ])('is not begun with %s', async (_, words) => {
    expect((await run(...words(await request()))).code).toBe(2)
  })
})
