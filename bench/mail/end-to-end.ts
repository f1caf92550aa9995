/**
 * A mail with a docx of 1 MB from the internet to the office's mail server, through both processes of a whole town: from the first byte that is sent until the
 * last one that was taken. α: the text arrives, the docx waits one click away. An open loop: a slow mail keeps no later one from being sent.
 *
 *   node bench/mail/end-to-end.ts [--seconds 60] [--rate 5]
 *
 * One JSON line: percentiles in milliseconds, and how many did not arrive.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sendRaw, startMailServer, withMailGate } from '../../apps/server/src/mail.test-support.ts'
import { startTestTown } from '../../apps/server/src/town.test-support.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '5' },
  },
})
const RATE = Number(values.rate)
const COUNT = Number(values.seconds) * RATE
/** The first ones start what is started when it is needed, and are not counted. */
const WARM_UP = 10
/** After the last one was sent, ms: what is not there then did not arrive. */
const PATIENCE_MS = 60_000
const NUMBER = /^Subject: mail (-?\d+)\r$/mu

function docx(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'bench-docx-'))
  const file = join(folder, 'large.docx')
  const program = join(import.meta.dirname, '../disarm/make-large.ts')
  execFileSync(process.execPath, [program, 'docx', '1', file])
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  return bytes
}

function mail(number: number, encoded: string): string {
  return [
    'From: a@example.com',
    `Subject: mail ${number}`,
    `Message-ID: <${number}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b0',
    '',
    '--b0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'words',
    '--b0',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename=a.docx',
    '',
    encoded,
    '--b0--',
    '',
  ].join('\r\n')
}

const server = await startMailServer()
const arrived = new Map<number, number>()
/** Looked at as each is taken, not after a while. */
const push = server.letters.push.bind(server.letters)
server.letters.push = (...letters) => {
  for (const { message } of letters)
    arrived.set(Number(NUMBER.exec(message)?.[1]), performance.now())
  return push(...letters.map((letter) => ({ ...letter, message: '', text: '' })))
}
const town = await startTestTown({
  edit: withMailGate,
  nextMailServer: { host: '127.0.0.1', port: server.port },
})
try {
  const bytes = docx()
  const encoded = bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  const sent = new Map<number, number>()
  const turnedAway: string[] = []
  const send = async (number: number): Promise<void> => {
    sent.set(number, performance.now())
    const answer = await sendRaw(town.mailPort ?? 0, mail(number, encoded))
    if (!answer.startsWith('250')) turnedAway.push(answer)
  }
  for (let number = -WARM_UP; number < 0; number += 1) await send(number)
  while (arrived.size < WARM_UP - turnedAway.length) await sleep(50)
  const begin = performance.now()
  const sending: Promise<void>[] = []
  for (let number = 0; number < COUNT; number += 1) {
    await sleep(Math.max(0, begin + (number * 1000) / RATE - performance.now()))
    sending.push(send(number))
  }
  await Promise.all(sending)
  const end = performance.now() + PATIENCE_MS
  while (arrived.size < COUNT + WARM_UP - turnedAway.length && performance.now() < end)
    await sleep(50)
  const times = [...sent]
    .filter(([number]) => number >= 0 && arrived.has(number))
    .map(([number, at]) => (arrived.get(number) ?? 0) - at)
    .toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(times[Math.ceil(share * times.length) - 1] ?? -1)
  const row = {
    way: 'whole town, docx end to end',
    messages: COUNT,
    perSecond: RATE,
    bytes: bytes.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    most: at(1),
    turnedAway: turnedAway.length,
    missing: COUNT - times.length,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
  console.log(JSON.stringify(row))
} finally {
  await town.remove()
  await server.close()
}
