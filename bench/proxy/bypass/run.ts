/** Sends every probe through a proxy, the allowed request beside it first, and says what reached a server. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesOf } from './cases.ts'
import type { Must, Probe, Send, UploadProbe, World } from './cases.ts'
import type { Outside } from './outside.ts'
import { runUpload } from './upload.ts'

export interface Result {
  readonly group: string
  readonly id: string
  /** `no-control`: the allowed request did not arrive, so that nothing was shown. */
  readonly result: 'held' | 'reached' | 'no-control'
  /** Bytes that reached servers. */
  readonly bytes: number
  /** Status line of the proxy's answer; empty for none. */
  readonly answer: string
}

export interface Under {
  readonly host: string
  readonly port: number
}

/** Milliseconds that an answer is waited for before the next is sent, and that quiet has to last. */
const ANSWER_MS = 400
const QUIET_MS = 250

export async function runProbe(
  probe: (Probe | UploadProbe) & { readonly group: string },
  world: World,
  outside: Outside,
  proxy: Under,
): Promise<Result> {
  if ('upload' in probe) return runUpload(probe, outside.origin, proxy)
  const { group, id, control, send, must } = probe
  const allowed = world.controls.find((one) => one.id === control)
  outside.reached = []
  if (allowed) await converse(allowed.send, proxy, () => arrived(outside, world.mark))
  if (!arrived(outside, world.mark))
    return { group, id, result: 'no-control', bytes: 0, answer: '' }
  outside.reached = []
  outside.asked = []
  const answer = await converse(send, proxy, () => false)
  const bytes = outside.reached.reduce((sum, one) => sum + one.bytes.length, 0)
  return { group, id, result: holds(must, outside) ? 'held' : 'reached', bytes, answer }
}

const arrived = ({ reached }: Outside, mark: string): boolean =>
  reached.some(({ bytes }) => bytes.includes(mark))

function holds(must: Must, { reached, asked }: Outside): boolean {
  if (must === 'nothing') return reached.every(({ bytes }) => bytes.length === 0)
  if ('never' in must) return reached.every(({ bytes }) => !bytes.includes(must.never))
  if ('neverAt' in must)
    return reached.every(({ address, bytes }) => address !== must.neverAt || bytes.length === 0)
  if ('only' in must)
    return reached.every(
      ({ address, port, bytes }) => `${address}:${port}` === must.only || bytes.length === 0,
    )
  return !asked.some((name) => name.toLowerCase().endsWith(must.neverAsked))
}

/** @returns the first line that came back */
async function converse(
  sends: readonly Send[],
  { host, port }: Under,
  enough: () => boolean,
): Promise<string> {
  const socket = connect({ host, port, noDelay: true })
  let said = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => (said = Buffer.concat([said, chunk])))
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined)
  for (const send of sends) {
    const before = said.length
    await put(socket, send)
    if (send.together !== true)
      await until(() => said.length > before || socket.closed || enough(), ANSWER_MS)
  }
  // What is on its way may still arrive.
  await until(() => enough() || socket.closed, QUIET_MS)
  await wait(enough() ? 0 : 10)
  socket.destroy()
  return (
    said
      .toString('latin1')
      .split('\r\n')[0]
      ?.replaceAll(/[^ -~]/gu, '.') ?? ''
  )
}

async function put(socket: Socket, send: Send): Promise<void> {
  const bytes = bytesOf(send)
  const each = send.each ?? bytes.length
  for (let at = 0; at < bytes.length && !socket.destroyed; at += each) {
    socket.write(bytes.subarray(at, at + each))
    if (send.each !== undefined) await new Promise(setImmediate)
  }
}

async function until(done: () => boolean, milliseconds: number): Promise<void> {
  for (let waited = 0; waited < milliseconds && !done(); waited += 5) await wait(5)
}
