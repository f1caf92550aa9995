import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  KEYS,
  TODAY,
  cloudTown,
  gateOf,
} from '../../../../../packages/gates/web/src/destination/destination.test-support.ts'
import { noteApproval, readApprovals } from './approval-record.ts'
import { approveFile } from './file-approvals.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-approval-record-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let dataDir = ''
let count = 0
beforeEach(() => {
  dataDir = join(root, String((count += 1)))
})

const { people, ...town } = cloudTown()
const { signers } = gateOf({ people, ...town })
const on = (today: string, keys = signers) => ({ signers: keys, people, today })
const FILE = { sha256: 'a'.repeat(64), service: 'exchange', sender: 's0001', name: 'お知らせ.pdf' }
const approve = (more: object = {}, day = TODAY) =>
  approveFile(
    dataDir,
    { ...FILE, ...more },
    { key: KEYS.ciso.signer, at: new Date(`${day}T00:00:00Z`) },
    on(day),
  )
const states = async (today = TODAY, keys = signers) =>
  (await readApprovals(dataDir, on(today, keys))).approvals.map(({ state }) => state)
const recordFile = () => {
  const folder = join(dataDir, 'approval-record')
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '')
}

describe('the record of approvals', () => {
  it('tells who let which file be sent where, for whom and until when', async () => {
    expect(await readApprovals(dataDir, on(TODAY))).toEqual({ approvals: [], unsigned: 0 })
    await approve()
    expect((await readApprovals(dataDir, on(TODAY))).approvals).toEqual([
      {
        ...FILE,
        by: 's0002',
        at: '2026-11-26T00:00:00.000Z',
        until: '2026-12-02',
        state: 'stands',
      },
    ])
  })

  it('says the same of it as the gate: its days, its note, its key, its person', async () => {
    await approve()
    await approve({}, '2026-11-27')
    expect(await states('2026-11-27')).toEqual(['stands', 'replaced'])
    rmSync(dataDir, { recursive: true })
    await approve()
    expect(await states('2026-12-02')).toEqual(['stands'])
    expect(await states('2026-12-03')).toEqual(['over'])
    const gone = { ...on(TODAY), people: people.filter(({ id }) => id !== 's0002') }
    expect((await readApprovals(dataDir, gone)).approvals[0]?.state).toBe('withdrawn')
    rmSync(join(dataDir, 'approvals'), { recursive: true })
    expect(await states()).toEqual(['withdrawn'])
  })

  it('is written before the gate goes by the approval: where it cannot be, there is none', async () => {
    await approve()
    const path = recordFile()
    writeFileSync(path, `${readFileSync(path, 'utf8')}not a line\n`)
    const other = { sha256: 'b'.repeat(64) }
    await expect(approve(other)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    expect(readdirSync(join(dataDir, 'approvals'))).toHaveLength(1)
  })

  it('shows a line that was taken out, and takes none that nobody of the town signed', async () => {
    await approve()
    await approve({ sha256: 'b'.repeat(64) })
    await approve({ sha256: 'c'.repeat(64) })
    await noteApproval(dataDir, { note: 'file … by s0002', name: 'x' }, () => new Date())
    const read = await readApprovals(dataDir, on(TODAY))
    expect([read.approvals.length, read.unsigned, read.broken]).toEqual([3, 1, undefined])
    expect(read.approvals[0]?.sha256).toBe('c'.repeat(64))
    const path = recordFile()
    const [first = '', , ...rest] = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [first, ...rest].join('\n'))
    expect(await readApprovals(dataDir, on(TODAY))).toMatchObject({
      approvals: [{ sha256: FILE.sha256 }],
      broken: { line: 2 },
    })
  })
})
