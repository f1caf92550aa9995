import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSession } from './next-hop.ts'
import { startPeer } from './peer.test-support.ts'
import type { Behaviour, Peer } from './peer.test-support.ts'
import { dialTcp, hopAt, letter, messageBytes, openBench } from './queue.test-support.ts'
import type { Bench } from './queue.test-support.ts'
import { FINISHED_DAYS } from './queue.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let peer: Peer
let bench: Bench
beforeEach(async () => {
  peer = await startPeer()
  bench = await openBench([hopAt(peer.port)])
})
afterEach(async () => {
  await bench.close()
  await peer.close()
})

/** Misbehaves so many times at this step, then is ordinary. */
function times(count: number, at: Parameters<Behaviour>[0], answer: string): Behaviour {
  let left = count
  return (step) => (step === at && left-- > 0 ? answer : undefined)
}

describe('a message that ended', () => {
  test('is forgotten after its days, and not a day before', async () => {
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    const last = (await bench.queue.outcomes(0, 10)).at(-1)
    await bench.queue.forgetOutcomes(last?.seq ?? 0)
    await bench.after(FINISHED_DAYS * DAY)
    expect(await bench.queue.prune()).toBe(0)
    expect(await bench.queue.submit(letter('m-1'))).toMatchObject({ again: true })
    await bench.after(1)
    expect(await bench.queue.prune()).toBe(1)
    expect(await bench.queue.prune()).toBe(0)
  })

  test('is never forgotten while what became of it is not in the log', async () => {
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    await bench.after(10 * FINISHED_DAYS * DAY)
    expect(await bench.queue.prune()).toBe(0)
    await bench.queue.forgetOutcomes((await bench.queue.outcomes(0, 10)).at(-1)?.seq ?? 0)
    expect(await bench.queue.prune()).toBe(1)
  })

  test('late is known for its days from its end on, not from its beginning', async () => {
    await bench.queue.submit(letter('m-1'))
    await bench.after(4 * DAY)
    await bench.queue.forgetOutcomes((await bench.queue.outcomes(0, 10)).at(-1)?.seq ?? 0)
    bench.now += (FINISHED_DAYS - 1) * DAY
    expect(await bench.queue.prune()).toBe(0)
    bench.now += DAY + 1
    expect(await bench.queue.prune()).toBe(1)
  })

  test('takes nothing with it that still waits, however old', async () => {
    bench = await bench.reopen()
    await bench.queue.submit(letter('m-1'))
    bench.now += 10 * FINISHED_DAYS * DAY
    expect(await bench.queue.prune()).toBe(0)
    await bench.after(0)
    expect(await bench.outcomes()).toMatchObject([{ message: 'm-1' }])
  })
})

describe('a message', () => {
  test('arrives byte for byte, once, dots at line starts included', async () => {
    expect(await bench.queue.submit(letter('m-1'))).toEqual({ ok: true, again: false })
    await bench.after(0)
    await bench.after(5 * DAY)
    expect(peer.taken).toEqual([
      {
        from: 'hanako@town.kasumi.lg.jp',
        to: ['taro@pref.example.lg.jp'],
        message: Buffer.from(messageBytes('m-1')).toString(),
      },
    ])
    expect(await bench.outcomes()).toMatchObject([
      { message: 'm-1', ended: [{ state: 'sent' }], stillWaiting: 0, unanswered: 0 },
    ])
  })

  test('submitted again under its id is still one message, also after a restart', async () => {
    await bench.queue.submit(letter('m-1'))
    expect(await bench.queue.submit(letter('m-1'))).toEqual({ ok: true, again: true })
    bench = await bench.reopen()
    expect(await bench.queue.submit(letter('m-1'))).toEqual({ ok: true, again: true })
    await bench.after(0)
    expect(peer.taken).toHaveLength(1)
  })

  test('under the id of another is a bug, never silently dropped', async () => {
    await bench.queue.submit(letter('m-1'))
    const other = letter('m-1', { bytes: messageBytes('m-2') })
    await expect(bench.queue.submit(other)).rejects.toMatchObject({ code: 'BUG' })
  })

  test('goes to each next hop with its own recipients only', async () => {
    await bench.close()
    const second = await startPeer()
    bench = await openBench([hopAt(peer.port), hopAt(second.port, { name: 'cloud' })], {
      routes: [
        { domain: 'town.kasumi.lg.jp', hop: 'lgwan' },
        { domain: '*', hop: 'cloud' },
      ],
    })
    const recipients = ['a@town.kasumi.lg.jp', 'b@company.example', 'c@TOWN.kasumi.lg.jp']
    await bench.queue.submit(letter('m-1', { recipients }))
    await bench.after(0)
    expect(peer.taken.map(({ to }) => to)).toEqual([['a@town.kasumi.lg.jp', 'c@TOWN.kasumi.lg.jp']])
    expect(second.taken.map(({ to }) => to)).toEqual([['b@company.example']])
    await second.close()
  })
})

describe('recipients', () => {
  const recipients = ['gone@x.example', 'later@x.example', 'taro@x.example']
  const single: Behaviour = (step, line) => {
    if (step === 'RCPT' && line.includes('gone@')) return '550 5.1.1 no such user'
    if (step === 'RCPT' && line.includes('later@')) return '450 4.2.1 mailbox busy'
    return undefined
  }

  test('each get their own end: sent, turned down for good, tried again', async () => {
    peer.behaviour = single
    await bench.queue.submit(letter('m-1', { recipients }))
    await bench.after(0)
    const [first] = await bench.outcomes()
    expect(
      first?.ended.map(({ address, state, reason, status }) => [address, state, reason, status]),
    ).toEqual([
      ['gone@x.example', 'failed', 'MAIL-OUT-NO-RECIPIENT', '5.1.1'],
      ['taro@x.example', 'sent', '', '2.0.0'],
    ])
    expect(first).toMatchObject({ stillWaiting: 1, reason: 'MAIL-OUT-LATER' })
    peer.behaviour = () => undefined
    await bench.after(10 * MINUTE)
    const copies = peer.taken.filter(({ from }) => from !== '').map(({ to }) => to)
    expect(copies).toEqual([['taro@x.example'], ['later@x.example']])
  })

  test('all turned down: the connection serves the next message', async () => {
    await bench.close()
    bench = await openBench([hopAt(peer.port, { connections: 1 })])
    peer.behaviour = (step, line) =>
      step === 'RCPT' && line.includes('gone@') ? '550 5.1.1 no such user' : undefined
    await bench.queue.submit(letter('m-1', { recipients: ['gone@x.example'], telling: 'nobody' }))
    await bench.queue.submit(letter('m-2'))
    await bench.after(0)
    expect(peer.taken.map(({ to }) => to)).toEqual([['taro@pref.example.lg.jp']])
    expect(peer.connections).toBe(1)
  })

  test('4xx at the end puts off, 5xx at the end ends', async () => {
    peer.behaviour = times(1, 'end', '451 4.3.0 try later')
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(peer.taken).toEqual([])
    peer.behaviour = times(1, 'end', '554 5.7.1 we do not want it')
    await bench.after(10 * MINUTE)
    const outcomes = await bench.outcomes()
    expect(outcomes.map(({ ended }) => ended[0]?.reason)).toEqual([
      undefined,
      'MAIL-OUT-REFUSED',
      '',
    ])
    // An answered attempt delivered nothing: no note of a second copy.
    expect(outcomes.map(({ unanswered }) => unanswered)).toEqual([0, 0, 0])
  })
})

describe('a bounce', () => {
  test('tells the sender in words and in the form of RFC 3464, from the null sender', async () => {
    peer.behaviour = (step, line) =>
      step === 'RCPT' && line.includes('taro@') ? '550 5.1.1 <b>no such user</b>\u0007' : undefined
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    const [bounce] = peer.taken
    expect(bounce).toMatchObject({ from: '', to: ['hanako@town.kasumi.lg.jp'] })
    const message = bounce?.message ?? ''
    expect(message).toContain('Content-Type: multipart/report; report-type=delivery-status')
    expect(message).toContain('Auto-Submitted: auto-replied')
    expect(message).toContain(
      'Final-Recipient: rfc822; taro@pref.example.lg.jp\r\nAction: failed\r\nStatus: 5.1.1',
    )
    expect(message).toContain('Diagnostic-Code: smtp; 550 5.1.1 <b>no such user</b>\r\n')
    expect(message).toContain('Message-ID: <m-1@town.kasumi.lg.jp>')
    expect(message).not.toContain('body')
    const text = Buffer.from(
      /base64\r\n\r\n([A-Za-z0-9+/=\r\n]+?)\r\n--/u.exec(message)?.[1] ?? '',
      'base64',
    ).toString()
    expect(text).toContain('あて先を確かめて、もう一度送ってください。')
    expect(text).toContain('理由の番号: MAIL-OUT-NO-RECIPIENT')
  })

  test('is never answered by a bounce', async () => {
    peer.behaviour = (step) => (step === 'RCPT' ? '550 5.1.1 no such user' : undefined)
    await bench.queue.submit(letter('m-1'))
    for (let day = 0; day < 8; day += 1) await bench.after(DAY)
    expect(peer.lines.filter((line) => line.startsWith('MAIL FROM:<>'))).toHaveLength(1)
    expect((await bench.outcomes()).map(({ message }) => message)).toEqual([
      'm-1',
      'm-1/lgwan/bounce-1',
    ])
    expect((await bench.queue.status()).hops[0]?.waiting).toBe(0)
  })

  test('is not sent to who may be forged, only recorded', async () => {
    peer.behaviour = (step) => (step === 'RCPT' ? '550 5.1.1 no such user' : undefined)
    await bench.queue.submit(letter('m-1', { telling: 'nobody' }))
    await bench.after(0)
    await bench.after(HOUR)
    expect(peer.lines.filter((line) => line.startsWith('MAIL'))).toHaveLength(1)
    expect(await bench.outcomes()).toMatchObject([{ ended: [{ state: 'failed' }] }])
  })

  test('for the null sender is none, and that is recorded', async () => {
    peer.behaviour = (step) => (step === 'RCPT' ? '550 5.1.1 no such user' : undefined)
    await bench.queue.submit(letter('m-1', { sender: '' }))
    await bench.after(0)
    expect(peer.lines.filter((line) => line.startsWith('MAIL'))).toHaveLength(1)
    expect(await bench.outcomes()).toMatchObject([{ reason: 'MAIL-OUT-NO-BOUNCE' }])
  })

  test('comes after the days that the town keeps trying, not before', async () => {
    peer.behaviour = (step, line) =>
      step === 'RCPT' && line.includes('taro@') ? '450 4.2.2 full' : undefined
    await bench.queue.submit(letter('m-1'))
    for (let hour = 0; hour < 119; hour += 1) await bench.after(HOUR)
    expect(peer.taken).toEqual([])
    await bench.after(HOUR)
    await bench.after(0)
    expect(peer.taken.map(({ from }) => from)).toEqual([''])
    const outcomes = await bench.outcomes()
    expect(outcomes.at(-2)?.ended).toMatchObject([
      { state: 'expired', reason: 'MAIL-OUT-EXPIRED', status: '4.4.7', reply: '450 4.2.2 full' },
    ])
  })
})

describe('a next hop', () => {
  test('that is down for an hour costs no attempt, is told, and gets everything when it is back', async () => {
    const { port } = peer
    await peer.close()
    for (let n = 0; n < 5; n += 1) await bench.queue.submit(letter(`m-${n}`))
    const oldest = new Date(bench.now).toISOString()
    for (let minute = 0; minute < 60; minute += 1) await bench.after(MINUTE)
    const [told] = (await bench.queue.status()).hops
    expect(told).toMatchObject({ waiting: 5, oldest, reason: 'MAIL-OUT-HOP-DOWN' })
    expect(told?.downSince).not.toBe('')
    peer = await startPeer(undefined, port)
    await bench.after(7 * MINUTE)
    expect(peer.taken).toHaveLength(5)
    expect((await bench.outcomes()).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1])
    expect((await bench.queue.status()).hops).toMatchObject([
      { waiting: 0, reason: '', downSince: '' },
    ])
  })

  test('that was down is not tried again before its wait is over', async () => {
    peer.behaviour = (step) => (step === 'greeting' ? '421 4.3.2 closing' : undefined)
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(await bench.queue.nextDue()).toBe(bench.now + 15_000)
    await bench.after(1_000)
    await bench.after(1_000)
    expect(peer.connections).toBe(1)
    expect((await bench.queue.status()).hops).toMatchObject([
      { reason: 'MAIL-OUT-HOP-BUSY', reply: '421 4.3.2 closing' },
    ])
  })

  test.each(['greeting', 'MAIL', 'RCPT', 'DATA'] as const)(
    'that cuts the line at %s has nothing, and gets it once, without a note',
    async (step) => {
      peer.behaviour = times(1, step, 'cut')
      await bench.queue.submit(letter('m-1'))
      await bench.after(0)
      expect(peer.taken).toEqual([])
      await bench.after(10 * MINUTE)
      expect(peer.taken).toHaveLength(1)
      expect(peer.taken[0]?.message).not.toContain('X-Sekisho-May-Be-Second-Copy')
    },
  )

  test.each(['cut', 'hang'])(
    'that takes it and never answers (%s) gets the same Message-ID again, with a note',
    async (silence) => {
      await bench.close()
      bench = await openBench([
        hopAt(peer.port, { timeouts: { greeting: 5_000, idle: 300, message: 5_000 } }),
      ])
      peer.behaviour = times(1, 'end', silence)
      await bench.queue.submit(letter('m-1'))
      await bench.after(0)
      await bench.after(10 * MINUTE)
      expect(peer.taken).toHaveLength(2)
      expect(peer.taken[0]?.message).toBe(Buffer.from(messageBytes('m-1')).toString())
      expect(peer.taken[1]?.message).toBe(
        `X-Sekisho-May-Be-Second-Copy: 1 unanswered\r\n${peer.taken[0]?.message}`,
      )
      expect((await bench.outcomes()).at(-1)).toMatchObject({
        unanswered: 1,
        ended: [{ state: 'sent' }],
      })
    },
  )

  test('that never answered at the end is said to be unsure, not undelivered', async () => {
    peer.behaviour = times(1, 'end', 'cut')
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    peer.behaviour = (step) => (step === 'MAIL' ? '451 4.3.0 later' : undefined)
    await bench.after(6 * DAY)
    expect((await bench.outcomes()).flatMap(({ ended }) => ended)).toMatchObject([
      { state: 'expired', reason: 'MAIL-OUT-UNSURE' },
    ])
  })

  test('that answers 421 to a message is left alone for a while and loses none', async () => {
    peer.behaviour = times(1, 'MAIL', '421 4.3.2 going down')
    for (let n = 0; n < 4; n += 1) await bench.queue.submit(letter(`m-${n}`))
    await bench.after(0)
    for (let minute = 0; minute < 10; minute += 1) await bench.after(MINUTE)
    expect(new Set(peer.taken.map(({ message }) => message)).size).toBe(4)
    expect(peer.taken).toHaveLength(4)
  })

  test('that trickles an answer for ever does not hold the queue', async () => {
    await bench.close()
    bench = await openBench([
      hopAt(peer.port, { timeouts: { greeting: 5_000, idle: 5_000, message: 400 } }),
    ])
    peer.behaviour = times(1, 'MAIL', '250-more')
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(peer.taken).toEqual([])
    expect((await bench.outcomes())[0]).toMatchObject({ reason: 'MAIL-OUT-HOP-SILENT' })
  })

  test('that says 250 before the end of the message is not believed', async () => {
    peer.behaviour = times(1, 'DATA', '354 go on\r\n250 2.0.0 queued already')
    const opened = await openSession(hopAt(peer.port), dialTcp)
    if ('fault' in opened) throw new Error(opened.fault.reason)
    const { session } = opened
    const { id: _, ...rest } = letter('m-1')
    const slowly = (): Promise<boolean> => new Promise((resolve) => setTimeout(resolve, 100, true))
    const sent = await session.send({ ...rest, note: '' }, slowly)
    expect(sent).toMatchObject({ end: 'unanswered', fault: { reason: 'MAIL-OUT-LOST' } })
    expect(session.usable()).toBe(false)
  })

  test('never sees more connections than it may', async () => {
    for (let n = 0; n < 30; n += 1) await bench.queue.submit(letter(`m-${n}`))
    await bench.after(0)
    expect(peer.taken).toHaveLength(30)
    expect(peer.most).toBeLessThanOrEqual(2)
    expect(peer.connections).toBeLessThanOrEqual(4)
  })

  test('is spoken to in a pipeline where it offers one, and step by step where not', async () => {
    // Answers nothing before DATA has come: who waits for each answer would wait for ever.
    const owed: string[] = []
    peer.behaviour = (step) => {
      if (step === 'MAIL' || step === 'RCPT') owed.push('250 ok')
      if (step === 'DATA') return [...owed, '354 go on'].join('\r\n')
      return step === 'MAIL' || step === 'RCPT' ? 'hang' : undefined
    }
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(peer.taken).toHaveLength(1)
    peer.behaviour = (step) => (step === 'EHLO' ? '250 peer.example' : undefined)
    await bench.queue.submit(letter('m-2'))
    await bench.after(0)
    expect(peer.taken).toHaveLength(2)
  })

  test('gets nothing in the clear when TLS is required', async () => {
    await bench.close()
    bench = await openBench([hopAt(peer.port, { tls: 'required' })])
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(peer.lines.some((line) => line.startsWith('MAIL'))).toBe(false)
    expect((await bench.queue.status()).hops).toMatchObject([
      { waiting: 1, reason: 'MAIL-OUT-TLS' },
    ])
  })
})

describe('recall', () => {
  test('takes back what has not left', async () => {
    await bench.queue.submit(letter('m-1', { releaseAt: bench.now + 5 * MINUTE }))
    await bench.after(4 * MINUTE)
    expect((await bench.queue.status()).hops).toMatchObject([{ waiting: 1, held: 1 }])
    expect(await bench.queue.recall('m-1')).toEqual({
      recalled: ['taro@pref.example.lg.jp'],
      late: [],
    })
    await bench.after(DAY)
    expect(peer.taken).toEqual([])
  })

  test('says so when it is too late', async () => {
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect(await bench.queue.recall('m-1')).toEqual({
      recalled: [],
      late: ['taro@pref.example.lg.jp'],
    })
  })

  test('does not pretend when the next hop may have it', async () => {
    peer.behaviour = times(1, 'end', 'cut')
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    expect((await bench.queue.recall('m-1')).recalled).toEqual([])
  })

  test('while it is being sent: either it is recalled or it arrives, never both', async () => {
    const recalls: Promise<{ recalled: readonly string[] }>[] = []
    peer.behaviour = (step) => {
      if (step === 'DATA') recalls.push(bench.queue.recall('m-1'))
      return undefined
    }
    await bench.queue.submit(letter('m-1'))
    await bench.after(0)
    await bench.after(10 * MINUTE)
    const answers = await Promise.all(recalls)
    const recalled = answers.some((answer) => answer.recalled.length > 0)
    expect(peer.taken).toHaveLength(recalled ? 0 : 1)
  })
})
