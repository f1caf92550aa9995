/**
 * A town of β whose desks stand in the internet zone, both sides running: the attachment is in the mail, disarmed, and on record part by part.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MailPage } from './api.ts'
import { until } from './browser.test-support.ts'
import { CLERK, startMailServer, swaks, withDeskGate } from './mail.test-support.ts'
import type { MailServer } from './mail.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

let town: TestTown
let server: MailServer
const folder = mkdtempSync(join(tmpdir(), 'sekisho-desk-'))

beforeAll(async () => {
  server = await startMailServer()
  town = await startTestTown({
    edit: withDeskGate,
    nextMailServer: { host: '127.0.0.1', port: server.port },
  })
})
afterAll(async () => {
  await town.remove()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a mail to the desk of a town of β brings its table, disarmed, and leaves its program outside', async () => {
  const csv = join(folder, 'yosan.csv')
  const program = join(folder, 'run.exe')
  writeFileSync(csv, '=cmd|calc!A1,1\r\n')
  writeFileSync(program, 'MZ run')
  const files = ['--attach', `@${csv}`, '--attach', `@${program}`]
  await swaks(town.mailPort ?? 0, [CLERK], '--body', 'tempu ari', ...files)
  const letter = await until(async () => server.letters[0], { what: 'the mail', ms: 20_000 })
  const packed = /yosan\.csv"\r\n\r\n([A-Za-z0-9+/=\r\n]+)/u.exec(letter.message)?.[1] ?? ''
  expect(Buffer.from(packed, 'base64').toString()).toBe("'=cmd|calc!A1,1\r\n")
  expect(letter.message).not.toContain('run.exe"')
  const number = /with SMTP id (S-[0-9]+)/u.exec(letter.message)?.[1] ?? ''
  const reader = await town.signIn('high', 'clerk')
  const page: MailPage = await (await reader.ask('GET', `/api/mails/${number}`)).json()
  expect(page).toMatchObject({ state: 'delivered', pickUps: 1 })
  expect(page.text).toContain('無害化して、このメールに添付しました。')
  const fates = page.certificate?.parts.map(({ name, fate }) => `${name} ${fate}`)
  expect(fates).toEqual(
    expect.arrayContaining(['yosan.csv 無害化して添付しました', 'run.exe 外で待っています']),
  )
})
