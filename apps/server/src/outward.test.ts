/**
 * Mail from the office to the outside: handed in by SMTP, judged, held, taken back, recorded, and only then brought to the internet side.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { mailWords } from '@sekisho/gates/mail'
import { BYTES_DAYS } from './high/outward-mails.ts'
import { CHIEF, CLERK, SECTION, outwardBench, sayOften, swaks } from './outward.test-support.ts'
import type { OutwardBench } from './outward.test-support.ts'

const APPROVER = { account: 'a2', person: 's0002', name: '𠮷田 健一' }
const OUTSIDE = 'info@vendor.example.com'

let bench: OutwardBench
afterEach(() => bench.close())

/** What the approver sees, sent back unchanged. */
async function approve(
  of: OutwardBench,
  change: Partial<{ sha256: string; destination: string; purpose: string }> = {},
) {
  const [held] = await of.held()
  if (!held) throw new Error('nothing is held')
  const { crossing, cured, destination } = held
  const input = { sha256: cured?.sha256 ?? '', destination, purpose: crossing.purpose, ...change }
  return of.outward.mails.decide(crossing.id, APPROVER, {
    ...input,
    decision: 'approve',
    comment: '',
  })
}

describe('a mail to the internet', () => {
  it('is held for the approver, who approves exactly that, waits to be taken back, is recorded, then brought to the other side, with a copy', async () => {
    bench = await outwardBench()
    expect(await swaks(bench.port, { to: [OUTSIDE] })).toContain('250')
    await bench.after(0)
    const [held] = await bench.held()
    expect(held?.crossing).toMatchObject({
      number: 'M-1001',
      kind: 'mail-body',
      purpose: '【自治体機密性1】お知らせ',
    })
    expect(held?.destination).toBe(`インターネット／${OUTSIDE}`)
    expect(held?.answer?.findings.map(({ rule }) => rule)).toEqual(['X4-APPROVAL'])
    const others = [
      { sha256: '0'.repeat(64) },
      { destination: 'インターネット／other@vendor.example.com' },
      { purpose: '別の件' },
    ]
    const refused = await Promise.all(others.map((change) => approve(bench, change)))
    expect(refused.map((one) => (one.ok ? '' : one.reason))).toEqual([
      'APPROVAL-BYTES-DIFFER',
      'APPROVAL-DESTINATION-DIFFERS',
      'APPROVAL-PURPOSE-DIFFERS',
    ])
    const decided = await approve(bench)
    expect(decided).toMatchObject({ ok: true, progress: { state: 'received', step: 'record' } })
    await bench.after(4)
    expect(bench.brought.size).toBe(0)
    await bench.after(2)
    const [mail] = bench.brought.values()
    const text = Buffer.from(mail?.bytes ?? []).toString('latin1')
    expect(mail).toMatchObject({ from: CLERK, recipients: [OUTSIDE] })
    expect(text).not.toMatch(/pc-041 |10\.20\.3\.41|X-Desk|Received|Bcc/u)
    const outcome = [...bench.entries].find(([key]) => key.endsWith(':outcome'))?.[1]
    expect(outcome).toMatchObject({
      kind: 'delivered',
      detail: { outputSha256: held?.cured?.sha256, approver: 's0002' },
    })
    expect(
      createHash('sha256')
        .update(mail?.bytes ?? '')
        .digest('hex'),
    ).toBe(held?.cured?.sha256)
    const [copy] = bench.own
    expect(copy).toMatchObject({ recipients: [CHIEF], sender: '', telling: 'nobody' })
    expect(decoded(copy?.bytes)).toContain(held?.cured?.sha256)
  })

  it('can be taken back while it waits', async () => {
    bench = await outwardBench({ approval: 'never' })
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    const [waiting] = await bench.of('s0001')
    expect(waiting).toMatchObject({ state: 'received', notBefore: '2026-11-26T00:05:00.000Z' })
    const back = await bench.outward.mails.recall(waiting!.crossing.id, 's0001')
    expect(back).toMatchObject({ state: 'cancelled', ending: { actor: 's0001' } })
    await bench.after(60)
    expect(bench.brought.size).toBe(0)
  })

  it('that may not leave comes back to its writer with the cure, and nothing was brought', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    await swaks(bench.port, { to: [OUTSIDE], subject: 'お知らせ' })
    await bench.after(0)
    const [notice] = bench.own
    expect(notice?.recipients).toEqual([CLERK])
    expect(decoded(notice?.bytes)).toContain('【自治体機密性1】のように書いて')
    expect(decoded(notice?.bytes)).toContain('M-1001（X4-LABEL）')
    expect(bench.brought.size).toBe(0)
  })

  it('in the name of nobody of the town is on record and goes nowhere', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    await swaks(bench.port, { from: 'mayor@town.kasumi.example.jp', to: [OUTSIDE] })
    await swaks(bench.port, { from: CLERK, header: `From: ${CHIEF}\nSubject: x`, to: [OUTSIDE] })
    await bench.after(0)
    const reasons = [...bench.entries.values()].map(
      ({ kind, detail }) => `${kind} ${String(detail['reason'])}`,
    )
    expect(reasons.toSorted()).toEqual(['refused OUT-FROM', 'refused OUT-SENDER'])
    expect([bench.brought.size, bench.own.map(({ recipients }) => recipients)]).toEqual([
      0,
      [[CLERK]],
    ])
  })
})

describe('at the door where the office hands in mail', () => {
  it('who may not write for the town is told at once, and the log is not filled with it', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    const said = await swaks(bench.port, { from: 'mayor@elsewhere.example', to: [OUTSIDE] })
    expect(said).toContain('550 5.7.1 SMTP-SENDER')
    expect(bench.outward.spooled()).toBe(0)
    await sayOften(bench.port, 60, 'MAIL FROM:<boss@elsewhere.example>')
    await bench.after(0)
    const refused = [...bench.entries.values()].filter(({ kind }) => kind === 'refused')
    expect(refused).toHaveLength(20)
    expect(refused[0]?.detail).toMatchObject({
      reason: 'OUT-SENDER',
      from: 'mayor@elsewhere.example',
    })
  })

  it('a recipient with letters beyond ASCII is refused there, with its cure; a domain in its own letters goes on in ASCII', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    const said = await sayOften(
      bench.port,
      1,
      `MAIL FROM:<${CLERK}> SMTPUTF8`,
      `RCPT TO:<山田@vendor.example.com>`,
    )
    expect(said).not.toContain('250-SMTPUTF8')
    expect(said).toContain('553 5.6.7 SMTP-ASCII-ONLY')
    expect(mailWords('SMTP-ASCII-ONLY').cure).toContain('英数字のアドレス')
    await swaks(bench.port, { to: ['info@xn--gckr3f0f.example'] })
    await bench.after(0)
    const [sent] = bench.brought.values()
    expect(sent?.recipients).toEqual(['info@xn--gckr3f0f.example'])
  })
})

describe('one mail to several kinds of recipients', () => {
  it('becomes three crossings of one family; those inside wait for nobody and are not stripped', async () => {
    bench = await outwardBench({ lgwanDomains: ['.lg.jp'], delayMinutes: 5 })
    const to = [OUTSIDE, 'kikaku@city.example.lg.jp', CHIEF]
    await swaks(bench.port, {
      from: SECTION,
      to,
      header: `From: ${SECTION}\nTo: ${OUTSIDE}\nBcc: ${CHIEF}\nSubject: =?UTF-8?B?${Buffer.from('【自治体機密性1】照会').toString('base64')}?=\nMessage-ID: <1@kasumi>\nX-Desk: pc-041`,
    })
    await bench.after(0)
    const numbers = (await bench.of('section:fukushi')).map(
      ({ crossing, state }) => `${crossing.number} ${crossing.to} ${state}`,
    )
    expect(numbers.toSorted()).toEqual([
      'M-1001-1 internet held',
      'M-1001-2 lgwan delivered',
      'M-1001-3 lgwan delivered',
    ])
    expect(bench.own.map(({ recipients }) => recipients)).toEqual([
      ['kikaku@city.example.lg.jp'],
      [CHIEF],
    ])
    for (const { bytes } of bench.own) {
      const text = Buffer.from(bytes).toString('latin1')
      expect(text).toContain('X-Desk: pc-041')
      expect(text).not.toContain('Bcc')
    }
    expect(bench.brought.size).toBe(0)
  })
})

describe('the bytes of mails that left', () => {
  const blobs = () =>
    readdirSync(join(bench.folder, 'outward/blobs'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /[0-9a-f]{40}/u.test(name),
    )

  it('go after their days, not before; the mail itself stays on record', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    expect(bench.brought.size).toBe(1)
    const both = blobs().length
    expect(both).toBe(2)
    await bench.after(BYTES_DAYS * 24 * 60)
    expect(await bench.outward.mails.prune()).toBe(0)
    bench.now += 1
    expect(await bench.outward.mails.prune()).toBe(1)
    expect(blobs()).toEqual([])
    // Its row stays, for the page of who sent it.
    expect(await bench.of('s0001')).toHaveLength(1)
    expect(await bench.outward.mails.prune()).toBe(0)
  })

  it('stay as long as another crossing of the same mail may need them', async () => {
    bench = await outwardBench()
    await swaks(bench.port, { to: [OUTSIDE, CHIEF] })
    await bench.after(0)
    expect(bench.own).toHaveLength(1)
    const before = blobs().length
    // What is inside is long over; what waited for its approver comes back only now.
    await bench.after(BYTES_DAYS * 24 * 60 + 1)
    expect(await bench.outward.mails.prune()).toBe(1)
    expect(blobs().length).toBe(before - 1)
  })

  it('stay as long as the mail was not carried on', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    bench.cut = true
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    await bench.after(2 * BYTES_DAYS * 24 * 60)
    expect(await bench.outward.mails.prune()).toBe(0)
    bench.cut = false
    await bench.after(1)
    expect(bench.brought.size).toBe(1)
  })
})

describe('when something breaks', () => {
  it('a cut line keeps the mail, a new start brings it once', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    bench.cut = true
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    expect(bench.brought.size).toBe(0)
    bench = await bench.reopen()
    await bench.after(0)
    await bench.after(1)
    expect([...bench.brought.values()].map(({ recipients }) => recipients)).toEqual([[OUTSIDE]])
  })

  it('a cut line holds up no mail to other governments, and an approval given meanwhile stands', async () => {
    bench = await outwardBench({ lgwanDomains: ['.lg.jp'], delayMinutes: 0 })
    bench.cut = true
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    expect(await approve(bench)).toMatchObject({ ok: true })
    bench.now += 60_000
    await swaks(bench.port, { to: ['kikaku@city.example.lg.jp'] })
    await bench.after(0)
    expect(bench.own.map(({ recipients }) => recipients)).toEqual([['kikaku@city.example.lg.jp']])
    expect(bench.brought.size).toBe(0)
    bench.cut = false
    await bench.after(0)
    expect([...bench.brought.values()]).toMatchObject([{ recipients: [OUTSIDE] }])
  })

  it('what the low side says of a mail that never left is not believed; of one that did, it is kept as its word', async () => {
    bench = await outwardBench({ approval: 'never', delayMinutes: 0 })
    await swaks(bench.port, { to: [OUTSIDE] })
    await bench.after(0)
    const [id = ''] = bench.brought.keys()
    // It has left: taking it back comes too late, and the outcome stands.
    expect((await bench.outward.mails.recall(id, 's0001')).state).toBe('delivered')
    const ended = [
      { address: OUTSIDE, state: 'failed', reason: 'MAIL-OUT-REFUSED', reply: '550 no' },
    ] as const
    const told = {
      at: '2026-11-26T00:01:00.000Z',
      attempt: 1,
      unanswered: 0,
      stillWaiting: 0,
      reason: '',
      ended,
    }
    bench.news = [
      { seq: 1, message: id.replace(/^./u, '3'), ...told },
      { seq: 2, message: id, ...told },
    ]
    await bench.after(0)
    expect(await bench.outward.fates.of(id)).toMatchObject([{ address: OUTSIDE, state: 'failed' }])
    expect(bench.own.at(-1)?.recipients).toEqual([CLERK])
    expect(decoded(bench.own.at(-1)?.bytes)).toContain(`届かなかったあて先: ${OUTSIDE}`)
    const fates = [...bench.entries].filter(([key]) => key.includes(':fate:'))
    expect(fates.map(([, { side, kind }]) => [side, kind])).toEqual([['low', 'failed']])
  })
})

/** All base64 of a mail of ours, read. */
function decoded(bytes: Uint8Array = new Uint8Array()): string {
  const text = Buffer.from(bytes).toString('latin1')
  return [...text.matchAll(/\r\n\r\n([A-Za-z0-9+/=\r\n]{20,})/gu)]
    .map(([, block = '']) => Buffer.from(block, 'base64').toString('utf8'))
    .join('\n')
}
