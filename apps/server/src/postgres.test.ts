/**
 * The same town with the rows and accounts of its high side on a real PostgreSQL.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  postgresMissing,
  startPostgres,
} from '../../../packages/store/src/postgres.test-support.ts'
import { until } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'

const missing = postgresMissing()

test.skipIf(missing !== undefined)(
  'a file crosses, is approved by another person and found in the evidence, also after a new start',
  async () => {
    const server = await startPostgres()
    const databaseUrl = await server.freshUrl()
    const town = await startTestTown({ databaseUrl })
    try {
      const clerk = await town.signIn('low', 'clerk')
      const approver = await town.signIn('high', 'approver')
      const formula = new TextEncoder().encode('"=HYPERLINK(""http://x.example"",""a"")"\r\n')
      const given = await clerk.give('葛\u{E0102}城.csv', formula)
      const card = await until(async () => (await approver.cards())[0])
      expect(card.fileName).toBe('葛\u{E0102}城.csv')
      process.kill(town.high.side.pid ?? 0, 'SIGKILL')
      await until(async () => (await fetch(`${town.high.url}/healthz`).catch(() => undefined))?.ok)
      expect((await approver.decide(card)).status).toBe(200)
      expect((await approver.cards('decided'))[0]).toMatchObject({ number: given.number })
      const officer = await town.signIn('high', 'it-officer')
      const page: unknown = await (await officer.ask('GET', '/api/evidence?kind=delivered')).json()
      expect(page).toMatchObject({ total: 1 })
      expect(existsSync(join(town.dataDir, 'high/store.sqlite'))).toBe(false)
      expect(existsSync(join(town.dataDir, 'high/accounts.sqlite'))).toBe(false)
    } finally {
      await town.remove()
      await server.stop()
    }
  },
)
