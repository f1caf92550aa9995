/**
 * Real mail software as the client: swaks, Postfix's own load generator, and a whole Postfix in front.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { POSTFIX, startPostfix } from '../postfix.test-support.ts'
import { CLERK, DOMAIN, receiving } from './receiving.test-support.ts'
import type { Receiving } from './receiving.test-support.ts'

const CI = process.env['CI'] === 'true'
const run = promisify(execFile)
const SWAKS = existsSync('/usr/bin/swaks')

let gate: Receiving
beforeEach(async () => {
  gate = await receiving({ maxBytes: 200_000 })
})
afterEach(() => gate.end())

async function swaks(
  port: number,
  ...more: readonly string[]
): Promise<{ code: number; said: string }> {
  const args = [
    '--server',
    `127.0.0.1:${port}`,
    '--timeout',
    '10',
    '--helo',
    'mx.example.com',
    '--from',
    'a@example.com',
  ]
  try {
    const { stdout } = await run('/usr/bin/swaks', [...args, ...more])
    return { code: 0, said: stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, said: stdout }
  }
}

describe.skipIf(!SWAKS && !CI)(`swaks${SWAKS ? '' : ' (skipped: not installed)'}`, () => {
  it('sends a message with an attachment, commands sent ahead', async () => {
    const { code, said } = await swaks(
      gate.port,
      '--to',
      CLERK.address,
      '--pipeline',
      '--attach-name',
      'mitsumori.txt',
      '--attach',
      '@/etc/hostname',
      '--header',
      'Subject: mitsumori',
    )
    expect(said).toContain('250 2.0.0 kept as')
    expect(code).toBe(0)
    expect((await gate.messages())[0]).toMatch(/Subject: mitsumori\r\n[^]*mitsumori\.txt/u)
  })

  it('is told why not', async () => {
    const { code, said } = await swaks(gate.port, '--to', `nobody@${DOMAIN}`)
    expect(said).toContain('550 5.1.1 SMTP-RECIPIENT')
    expect(code).toBe(24)
    expect(gate.spool.ids()).toEqual([])
  })
})

describe.skipIf(!POSTFIX && !CI)(
  `Postfix${POSTFIX ? '' : ' (skipped: not installed, or not root)'}`,
  () => {
    it('its load generator over kept and new sessions loses nothing', async () => {
      const to = ['-f', 'a@example.com', '-t', CLERK.address, `127.0.0.1:${gate.port}`]
      await run('/usr/sbin/smtp-source', ['-s', '8', '-m', '40', '-l', '2000', ...to])
      await run('/usr/sbin/smtp-source', ['-d', '-s', '8', '-m', '20', '-l', '2000', ...to])
      expect(gate.spool.ids()).toHaveLength(60)
      expect(gate.refused).toEqual([])
    })

    it('in front: what the gate puts off stays in its queue, and comes once when there is room', async () => {
      const front = await startPostfix({ next: gate.port, relayDomains: [DOMAIN] })
      try {
        const ballast = await gate.spool.begin()
        await ballast.write(Buffer.alloc(199_950))
        const { code, said } = await swaks(
          front.port,
          '--to',
          CLERK.address,
          '--header',
          'Subject: later',
        )
        expect(code, said).toBe(0)
        await expect
          .poll(() => gate.refused.map(({ reason }) => reason), { timeout: 20_000 })
          .toContain('SMTP-SPOOL-FULL')
        await ballast.discard()
        await expect
          .poll(
            () => {
              front.flush()
              return gate.spool.ids().length
            },
            { timeout: 20_000, interval: 500 },
          )
          .toBe(1)
        expect((await gate.messages())[0]).toContain('Subject: later')
        expect(front.queue()).toContain('Mail queue is empty')
      } finally {
        front.stop()
      }
    })
  },
)
