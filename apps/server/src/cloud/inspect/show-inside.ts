/** A refusal shown inside TLS, in the name that was asked for. Nothing is dialled for it, and what the browser sends is read to its first empty line and thrown away. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { readTarget } from '@sekisho/gates/web'
import { FirstBytes } from '../first-bytes.ts'
import { endTls } from './end-tls.ts'
import type { Leaves } from './leaves.ts'

export interface ShowOptions {
  /** The terminal, paused, and what it sent behind its CONNECT. */
  readonly inside: Socket
  readonly first: FirstBytes
  /** `host:port` as sent. */
  readonly target: string
  readonly leaves: Leaves
  /** A whole answer of HTTP/1.1. */
  readonly page: Buffer
  /** Milliseconds for TLS, and again for the request. */
  readonly headMs: number
}

const MOST = 65_536

/** @returns false when there is no name to show it under, and nothing was sent yet */
export async function showInside(options: ShowOptions): Promise<boolean> {
  const { inside, first, leaves, page, headMs } = options
  const target = readTarget(options.target)
  if (target.form !== 'name') return false
  inside.pause()
  const context = await leaves.contextFor(target.host)
  inside.write('HTTP/1.1 200 Connection established\r\n\r\n')
  const terminal = await endTls({
    inside,
    first: first.end(),
    context,
    protocols: ['http/1.1'],
    milliseconds: headMs,
  })
  if (!terminal) return true
  const asked = new FirstBytes(terminal, MOST)
  await asked.until((held) => held.includes('\r\n\r\n') || undefined, headMs)
  terminal.end(page)
  const timer = setTimeout(() => terminal.destroy(), headMs)
  terminal.resume()
  await once(terminal, 'close')
  clearTimeout(timer)
  inside.destroy()
  return true
}
