import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceEntry } from '@sekisho/core'
import { openLogReader } from '@sekisho/evidence'
import { until } from './browser.test-support.ts'
import {
  CLERK,
  SECTION,
  sendRaw,
  startMailServer,
  swaks,
  withMailGate,
} from './mail.test-support.ts'
import type { Letter, MailServer } from './mail.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

let town: TestTown
let server: MailServer
let port: number
const folder = mkdtempSync(join(tmpdir(), 'sekisho-mail-'))

beforeAll(async () => {
  server = await startMailServer()
  town = await startTestTown({
    edit: withMailGate,
    nextMailServer: { host: '127.0.0.1', port: server.port },
  })
  port = town.mailPort ?? 0
}, 60_000)
afterAll(async () => {
  await town.remove()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function arrived(words: string): Promise<Letter> {
  return until(async () => server.letters.find(({ text }) => text.includes(words)), {
    what: words,
    ms: 20_000,
  })
}

async function entriesOf(number: string): Promise<EvidenceEntry[]> {
  const entries: EvidenceEntry[] = []
  const reader = await openLogReader({ dir: join(town.dataDir, 'high/log') })
  for await (const { entry } of reader.entries()) if (entry.number === number) entries.push(entry)
  return entries
}

describe('a mail from the internet', () => {
  test('reaches the office as text, with everything on record before the next server sees a byte', async () => {
    let recorded: EvidenceEntry[] = []
    server.before = async () => {
      recorded = await entriesOf('S-1001')
    }
    const said = await swaks(port, [CLERK], '--h-Subject', 'mitsumori', '--body', 'kotoba desu')
    expect(said).toContain('250 2.0.0 kept as')
    const letter = await arrived('kotoba desu')
    expect(letter).toMatchObject({ from: '', to: [CLERK] })
    expect(letter.message).toMatch(/^Received: by localhost with SMTP id S-1001; /u)
    expect(recorded.map(({ kind }) => kind)).toEqual([
      'received',
      'answered',
      'disarmed',
      'answered',
      'verified',
      'answered',
      'delivered',
    ])
    const number = recorded.at(-1)?.detail['mailCertificate']
    expect(number).toMatch(/^[0-9a-f]{16}$/u)
    expect(letter.text).toContain(number)
  })
})
