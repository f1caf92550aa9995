/**
 * Mail both ways through a whole town of real processes while what carries it breaks: the line between the sides is cut and mended, and the worker that rebuilds a
 * mail is killed over it. Nothing is lost, nothing comes twice, and a mail that could not be rebuilt ends as a notice.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLogReader } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { mailRefusalWords } from '@sekisho/gates/mail'
import type { OutgoingMailCard } from '../apps/server/src/api.ts'
import { until } from '../apps/server/src/browser.test-support.ts'
import {
  CLERK,
  sendRaw,
  startMailServer,
  withMailGate,
  withOutward,
} from '../apps/server/src/mail.test-support.ts'
import type { MailServer } from '../apps/server/src/mail.test-support.ts'
import { startTestTown } from '../apps/server/src/town.test-support.ts'
import type { TestTown } from '../apps/server/src/town.test-support.ts'

const OUTSIDE = 'info@vendor.example.com'
const SUBJECT = `=?UTF-8?B?${Buffer.from('【自治体機密性1】お知らせ').toString('base64')}?=`
const WAIT = { ms: 120_000 }

/** A cable between the sides that somebody can pull out. */
class Cable {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  #whole = true

  constructor(to: number) {
    this.#server = createServer((from) => {
      if (!this.#whole) {
        from.destroy()
        return
      }
      const on = connect(to, '127.0.0.1')
      for (const [one, other] of [
        [from, on],
        [on, from],
      ] as const) {
        this.#sockets.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          this.#sockets.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
  }

  async lay(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  cut(): void {
    this.#whole = false
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#whole = true
  }

  close(): void {
    this.cut()
    this.#server.close()
  }
}

let town: TestTown
let cable: Cable
let inside: MailServer
let outside: MailServer

beforeAll(async () => {
  inside = await startMailServer()
  outside = await startMailServer()
  const link = await freePort()
  cable = new Cable(link)
  const port = await cable.lay()
  town = await startTestTown({
    edit: (declaration) => withOutward(withMailGate(declaration)),
    ports: { low: 0, high: 0, mail: 0, submission: 0, link },
    linkThrough: { host: '127.0.0.1', port },
    nextMailServer: { host: '127.0.0.1', port: inside.port },
    outsideMailServer: { host: '127.0.0.1', port: outside.port },
  })
}, 240_000)
afterAll(async () => {
  await town?.remove()
  cable.close()
  await inside.close()
  await outside.close()
}, 60_000)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function comesIn(words: string): Promise<void> {
  const message = `From: a@example.com\r\nSubject: ${words}\r\n\r\n${words}\r\n`
  expect(await sendRaw(town.mailPort ?? 0, message)).toMatch(/^250 /u)
}

async function goesOut(words: string): Promise<void> {
  const header = `From: ${CLERK}\r\nTo: ${OUTSIDE}\r\nSubject: ${SUBJECT}\r\nMessage-ID: <${words}@pc-041>`
  const port = town.submissionPort ?? 0
  const answer = await sendRaw(port, `${header}\r\n\r\n${words}\r\n`, [OUTSIDE], CLERK)
  expect(answer).toMatch(/^250 /u)
}

/** Approves all that is held, as soon as there are so many. */
async function approve(count: number): Promise<void> {
  const browser = await town.signIn('high', 'approver')
  const cards = await until(async () => {
    const answer = await browser.ask('GET', '/api/mail-out/approvals')
    const { cards: all } = (await answer.json()) as { cards: readonly OutgoingMailCard[] }
    return all.length >= count && all
  }, WAIT)
  for (const { number, sha256, destination, purpose } of cards) {
    const decision = { decision: 'approve', sha256, destination, purpose, comment: '' }
    const answer = await browser.json('POST', `/api/mail-out/approvals/${number}`, decision)
    expect(answer.status).toBe(200)
  }
}

const copies = ({ letters }: MailServer, words: string): number =>
  letters.filter(({ text, message }) => text.includes(words) || message.includes(words)).length

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)

describe('the line between the sides is cut while mail goes both ways', () => {
  test('what was taken before, meanwhile and after arrives when it is mended, once each', async () => {
    const ins = numbers(9).map((n) => `comes-in-${n}-`)
    const outs = numbers(4).map((n) => `goes-out-${n}-`)
    for (const words of ins.slice(0, 3)) await comesIn(words)
    for (const words of outs.slice(0, 2)) await goesOut(words)
    cable.cut()
    for (const words of ins.slice(3, 6)) await comesIn(words)
    for (const words of outs.slice(2)) await goesOut(words)
    // Held and decided on the high side, which needs no line for that.
    await approve(outs.length)
    const before = inside.letters.length
    await sleep(2000)
    expect(outside.letters).toEqual([])
    expect(ins.slice(3, 6).map((words) => copies(inside, words))).toEqual([0, 0, 0])
    expect(inside.letters.length).toBeGreaterThanOrEqual(before)
    // It comes and goes: a call may break in its midst.
    for (const ms of [400, 150, 50]) {
      cable.mend()
      await sleep(ms)
      cable.cut()
      await sleep(200)
    }
    cable.mend()
    for (const words of ins.slice(6)) await comesIn(words)
    await until(async () => ins.every((words) => copies(inside, words) > 0), WAIT)
    await until(async () => outside.letters.length >= outs.length, WAIT)
    await sleep(1500)
    expect(ins.map((words) => copies(inside, words))).toEqual(ins.map(() => 1))
    expect(outside.letters).toHaveLength(outs.length)
    for (const { from, to } of outside.letters) expect([from, to]).toEqual([CLERK, [OUTSIDE]])
    expect(inside.letters.map(({ text }) => text).join()).not.toContain('お届けしていません')
  }, 300_000)
})

describe('the worker that rebuilds a mail is killed over it', () => {
  test('its mail ends as a notice, the next ones arrive, and the log says each end', async () => {
    await comesIn('before-it')
    await until(async () => copies(inside, 'before-it') > 0, WAIT)
    const before = inside.letters.length
    const workers = workersUnder(town.low.side.pid ?? 0)
    expect(workers.length).toBeGreaterThan(0)
    // Whoever is asked next does not answer any more.
    for (const pid of workers) process.kill(pid, 'SIGSTOP')
    await comesIn('killed-over-it')
    await sleep(3000)
    expect(inside.letters).toHaveLength(before)
    for (const pid of workers) process.kill(pid, 'SIGKILL')
    await until(async () => inside.letters.length > before, WAIT)
    for (const n of numbers(3)) await comesIn(`after-it-${n}-`)
    await until(async () => numbers(3).every((n) => copies(inside, `after-it-${n}-`) > 0), WAIT)
    await sleep(1000)
    const letters = inside.letters.slice(before)
    expect(letters).toHaveLength(4)
    const [notice] = letters
    expect(notice?.to).toEqual([CLERK])
    expect(notice?.text).toContain('本文をお届けしていません')
    expect(notice?.text).toContain(mailRefusalWords('ENG-CRASH').what)
    await town.stop()
    const dir = join(town.dataDir, 'high/log')
    expect(verifyFolder(dir)).toMatchObject({ ok: true })
    const reasons: unknown[] = []
    for await (const { entry } of (await openLogReader({ dir })).entries())
      if (entry.kind === 'refused') reasons.push(entry.detail['reason'])
    expect(reasons).toEqual(['ENG-CRASH'])
  }, 300_000)
})

/** Workers of the disarm box that descend from a process. */
function workersUnder(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue
    const parent = Number(/\) \S (\d+)/u.exec(told(`/proc/${name}/stat`))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (pid: number): readonly number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)])
  return below(root).filter((pid) => told(`/proc/${pid}/cmdline`).endsWith('\0worker\0'))
}

/** Empty for a process that is gone. */
function told(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
