import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTown, townTemplate } from '@sekisho/town'
import { enrol, enrolled, forgetEnrolments } from './enrol.ts'
import { ensureAccounts, openAccounts } from './host/accounts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-enrol-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const CLERK = { person: 's0001', email: 'yumi@kasumi.example' }

describe('the first accounts of a side', () => {
  it('are made from what the IT officer wished for, with a record before each', async () => {
    const told = await enrol(folder, CLERK)
    const read = readTown(townTemplate('α') ?? '')
    if (!read.ok) throw new Error('template')
    const recorded: string[] = []
    const accounts = await openAccounts({
      side: 'high',
      database: join(folder, 'accounts.sqlite'),
      secret: 'x'.repeat(48),
      origin: 'http://localhost:8082',
      town: read.town,
      record: async (kind, _actor, detail) => {
        recorded.push(`${kind} ${detail['what']} ${detail['person']}`)
      },
    })
    try {
      await ensureAccounts(accounts, await enrolled(folder))
      expect(await accounts.has(CLERK.email)).toBe(true)
      expect(recorded).toEqual(['changed account s0001'])
      expect(told.password.length).toBeGreaterThanOrEqual(12)
    } finally {
      accounts.close()
    }
  })

  it('lie in a file that only its owner reads, and leave the disk when they are made', async () => {
    await enrol(folder, CLERK)
    const file = join(folder, 'enrol.json')
    expect(statSync(file).mode & 0o077).toBe(0)
    await forgetEnrolments(folder)
    expect(existsSync(file)).toBe(false)
    expect(await enrolled(folder)).toEqual([])
  })

  it('are wished for once each; another person is added beside', async () => {
    await enrol(folder, CLERK)
    await expect(enrol(folder, CLERK)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await enrol(folder, { person: 's0002', email: 'kenichi@kasumi.example' })
    expect((await enrolled(folder)).map((one) => one.person)).toEqual(['s0001', 's0002'])
  })

  it('a file that somebody else wrote stops the start instead of being half read', async () => {
    writeFileSync(join(folder, 'enrol.json'), '{"accounts":[{"email":"a@b.example"}]}')
    await expect(enrolled(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(readFileSync(join(folder, 'enrol.json'), 'utf8')).toContain('a@b.example')
  })
})
