import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-classes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NATIONAL = readFileSync(
  new URL('../../../corpus/town/bad/national_class.yaml', import.meta.url),
  'utf8',
)

let count = 0
function town(label: string): string {
  const path = join(folder, `${count++}.yaml`)
  writeFileSync(path, NATIONAL.replace('国機密性2', label))
  return path
}

function answers(facts: object): string {
  const path = join(folder, `${count++}.json`)
  writeFileSync(path, JSON.stringify({ assets: { kessai: facts } }))
  return path
}

async function template(file: string): Promise<Record<string, unknown>> {
  const { out } = await run('classes', 'migrate', file, '--template')
  return (JSON.parse(out) as { assets: { kessai: Record<string, unknown> } }).assets.kessai
}

describe('classes migrate', () => {
  it('proposes what corresponds alone, and writes it only when told to, and nothing else', async () => {
    const file = town('旧機密性1')
    const before = readFileSync(file, 'utf8')
    const shown = await run('classes', 'migrate', file)
    expect([shown.code, readFileSync(file, 'utf8')]).toEqual([0, before])
    expect(shown.out).toContain('- class: 旧機密性1\n+ class: 自治体機密性1')
    expect((await run('classes', 'migrate', file, '--apply')).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(before.replace('旧機密性1', '自治体機密性1'))
    expect((await run('classes', 'migrate', file)).out).toContain('直す分類はありません')
  })

  it.each(['旧機密性3', '旧機密性2', '国機密性2', '機密性3'])(
    'does not guess what %s is, and writes nothing before it is decided',
    async (label) => {
      const file = town(label)
      const before = readFileSync(file, 'utf8')
      const { code, out } = await run('classes', 'migrate', file, '--apply')
      expect([code, readFileSync(file, 'utf8')]).toEqual([3, before])
      expect(out).toContain('対応するもの：自治体機密性3')
    },
  )

  it('takes the answer of the question, when it is among what corresponds', async () => {
    const file = town('旧機密性3')
    const before = readFileSync(file, 'utf8')
    const asked = { ...(await template(file)), personalContent: 'resident', extent: 'ledger' }
    const { code, out } = await run(
      'classes',
      'migrate',
      file,
      '--answers',
      answers(asked),
      '--apply',
    )
    expect([code, out]).toEqual([0, expect.stringContaining('+ class: 自治体機密性3B')])
    expect(readFileSync(file, 'utf8')).toBe(before.replace('旧機密性3', '自治体機密性3B'))
  })

  it('leaves to a person what the question finds elsewhere', async () => {
    const file = town('旧機密性3')
    const asked = { ...(await template(file)), publication: 'public' }
    const { code, out } = await run(
      'classes',
      'migrate',
      file,
      '--answers',
      answers(asked),
      '--apply',
    )
    expect([code, out]).toEqual([3, expect.stringContaining('自治体機密性1で、対応するものの外')])
    expect(readFileSync(file, 'utf8')).toContain('旧機密性3')
  })

  it('half of them decided is nothing written', async () => {
    const file = town('旧機密性1')
    const second = `$1\n  - { id: kohou, name: 広報, class: 旧機密性3, integrity: 自治体完全性1, availability: 自治体可用性1, personal: none, place: files, owner: soumu }`
    const text = readFileSync(file, 'utf8').replace(/(  - \{ id: kessai.*)/u, second)
    writeFileSync(file, text)
    const { code, out } = await run('classes', 'migrate', file, '--apply')
    expect([code, readFileSync(file, 'utf8')]).toEqual([3, text])
    expect(out).toContain('2件のうち1件')
  })

  it('says what else keeps the file from being read, and wrong use', async () => {
    const file = town('旧機密性1')
    writeFileSync(file, readFileSync(file, 'utf8').replace('owner: soumu }', 'owner: soum }'))
    const { code, out } = await run('classes', 'migrate', file)
    expect([code, out]).toEqual([3, expect.stringContaining('TOWN-REFERENCE')])
    expect((await run('classes')).code).toBe(2)
    expect((await run('classes', 'migrate', file, '--answers', file)).code).toBe(3)
  })

  it('says it as JSON', async () => {
    const { out } = await run('classes', 'migrate', town('旧機密性2'), '--json')
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'open',
      migrations: [{ id: 'kessai', from: '旧機密性2', by: 'open', line: 22 }],
    })
  })
})
