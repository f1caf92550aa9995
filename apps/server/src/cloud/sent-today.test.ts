import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { RequestRecord } from './request-record.ts'
import { sentToday } from './sent-today.ts'

const DAY = '2026-11-26'
const folder = mkdtempSync(join(tmpdir(), 'sekisho-sent-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('counts requests of a connection that was open when the gate was killed, and none of them twice', async () => {
  const record = await RequestRecord.open(folder, () => new Date(`${DAY}T03:00:00Z`))
  const who = { client: 's0001', service: 'mail' }
  for (const entry of [
    { kind: 'opened', number: 'W-1', ...who, up: 0 },
    { kind: 'request', number: 'W-2', within: 'W-1', ...who, up: 100 },
    { kind: 'opened', number: 'W-3', ...who, up: 0 },
    { kind: 'request', number: 'W-4', within: 'W-3', ...who, up: 20 },
    { kind: 'request', number: 'W-5', within: 'W-3', ...who, up: 3 },
    { kind: 'ended', number: 'W-1', ...who, up: 100 },
    { kind: 'refused', number: 'W-6', ...who, up: 0 },
    { kind: 'started', gate: 'g' },
  ])
    await record.append(entry)
  await record.close()
  const sent = await sentToday(folder, DAY)
  expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(123)
  expect(new Set(sent.map(({ person, service }) => `${person} ${service}`))).toEqual(
    new Set(['s0001 mail']),
  )
})
