import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.test-support.ts'
import type { Ran } from './run.test-support.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-cloud-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const CORPUS = resolve(import.meta.dirname, '../../../corpus/cloud')
const M365 = join(CORPUS, 'lists/microsoft-365')

let count = 0
/** A town with a cloud gate, whose officer s0001, CISO s0002 and clerk s0003 have keys. */
async function desk() {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  const people = ['s0001', 's0002', 's0003']
  const keys: string[] = []
  for (const person of people)
    keys.push((await run('cloud', 'list', 'key', person, '--out', join(folder, person))).out.trim())
  const town = join(folder, 'town.yaml')
  const text = readFileSync(join(CORPUS, 'town.yaml'), 'utf8')
  writeFileSync(town, text.replace('signers: []', `signers: [${keys.join(', ')}]`))
  const lists = join(folder, 'lists')
  const list = (verb: string, ...rest: string[]): Promise<Ran> =>
    run('cloud', 'list', verb, ...rest, '--lists', lists)
  const key = (person: string): string[] => ['--key', join(folder, person)]
  return {
    town,
    lists,
    folder,
    list,
    take: (person: string, version = '2026103000', ...more: string[]): Promise<Ran> =>
      list(
        'import',
        join(M365, `endpoints-${version}.json`),
        town,
        '--list-version',
        version,
        ...key(person),
        ...more,
      ),
    approve: (person: string, digest: string): Promise<Ran> =>
      list('approve', 'microsoft-365', town, '--digest', digest, ...key(person)),
    digest: async (): Promise<string> =>
      /ダイジェスト ([0-9a-f]{64})/u.exec((await list('diff', 'microsoft-365', town)).out)?.[1] ??
      '',
  }
}

describe('a list on its way into use', () => {
  it('is imported by the officer, read by the CISO, approved, and then used', async () => {
    const { take, approve, digest, list, town } = await desk()
    expect((await list('show', town)).out).toContain('× microsoft-365　一覧がありません。')
    const taken = await take('s0001')
    expect(taken.code).toBe(0)
    expect(taken.out).toContain('名前「outlook.office.com」（Exchange、1番）')
    expect(taken.out).toContain(
      '「*.cloudapp.net」　だれでも借りられる名前をすべて開くため、使いません。',
    )
    expect((await list('show', town)).out).toContain('まだ承認されていません。')
    expect((await approve('s0002', await digest())).code).toBe(0)
    expect((await list('show', town)).out).toContain('○ microsoft-365　2026103000　使えます。')
  })

  it('is not approved by who imported it, by a clerk, or under another digest', async () => {
    const { take, approve, digest, list, town } = await desk()
    await take('s0001')
    const seen = await digest()
    expect((await approve('s0001', seen)).out).toContain('LIST-SAME-PERSON')
    expect((await approve('s0003', seen)).out).toContain('LIST-SIGNER')
    expect(
      (
        await approve(
          's0002',
          seen.replace(/^./u, (first) => (first === '0' ? '1' : '0')),
        )
      ).out,
    ).toContain('LIST-DIGEST')
    expect((await approve('s0002', seen.slice(0, 4))).code).toBe(2)
    expect((await list('show', town)).code).toBe(3)
  })

  it('is not taken from a clerk, and nothing is written', async () => {
    const { take, lists } = await desk()
    const taken = await take('s0003')
    expect([taken.code, taken.out]).toEqual([3, expect.stringContaining('LIST-SIGNER')])
    expect(() => readdirSync(lists)).toThrow('ENOENT')
  })

  it('tells what the next one brings within 30 days, and does not go back', async () => {
    const { take, approve, digest, list, town } = await desk()
    await take(
      's0001',
      '2026113000',
      '--changes',
      join(M365, 'changes-2026113000.json'),
      '--at',
      '2026-12-01',
    )
    const diff = await list('diff', 'microsoft-365', town, '--at', '2026-12-01')
    expect(diff.out).toContain(
      '30日以内に増えるもの（1件）\n  2026-12-20から：名前「outlook.cloud.microsoft」',
    )
    await approve('s0002', await digest())
    const back = await take('s0001', '2026103000')
    expect([back.code, back.out]).toEqual([3, expect.stringContaining('LIST-BACK')])
  })

  it('of one version with two contents the second is not taken', async () => {
    const { take, list, town, folder } = await desk()
    await take('s0001')
    const other = join(folder, 'other.json')
    writeFileSync(
      other,
      readFileSync(join(M365, 'endpoints-2026103000.json'), 'utf8').replace(
        'outlook.office.com',
        'outlook.example.com',
      ),
    )
    const taken = await list(
      'import',
      other,
      town,
      '--list-version',
      '2026103000',
      '--key',
      join(folder, 's0001'),
    )
    expect([taken.code, taken.out]).toEqual([3, expect.stringContaining('LIST-OTHER')])
  })

  it('that somebody changed in the folder is not used', async () => {
    const { take, approve, digest, list, town, lists } = await desk()
    await take('s0001')
    await approve('s0002', await digest())
    const [name = ''] = readdirSync(join(lists, 'microsoft-365'))
    const path = join(lists, 'microsoft-365', name, 'snapshot.json')
    const snapshot = readFileSync(path, 'utf8')
    writeFileSync(path, snapshot.replace('outlook.office.com', 'files.example.com'))
    expect((await list('show', town)).out).toContain('取り込んだときと中身が違います。')
    writeFileSync(path, '{"list":')
    expect((await list('show', town)).out).toContain('× microsoft-365　一覧がありません。')
    writeFileSync(path, snapshot)
    expect((await list('show', town)).out).toContain('○ microsoft-365')
  })

  it('with problems is told with its cures, whole or not at all', async () => {
    const { list, town, folder, lists } = await desk()
    const file = join(folder, 'own.yaml')
    writeFileSync(
      file,
      readFileSync(join(CORPUS, 'lists/own/kaigi.yaml'), 'utf8').replace(
        'www.example.jp',
        '"*.cloudapp.net"',
      ),
    )
    const taken = await list('import', file, town, '--key', join(folder, 's0001'))
    expect(taken.code).toBe(3)
    expect(taken.out).toContain(
      'destinations[0].names[0]：「*.cloudapp.net」は、だれでも借りられる名前をすべて開きます。',
    )
    expect(() => readdirSync(lists)).toThrow('ENOENT')
  })
})

describe('a key', () => {
  it('is for its owner only, and never over another', async () => {
    const { folder } = await desk()
    expect(statSync(join(folder, 's0001')).mode & 0o777).toBe(0o600)
    const before = readFileSync(join(folder, 's0001'), 'utf8')
    expect((await run('cloud', 'list', 'key', 's0001', '--out', join(folder, 's0001'))).code).toBe(
      1,
    )
    expect(readFileSync(join(folder, 's0001'), 'utf8')).toBe(before)
  })
})
