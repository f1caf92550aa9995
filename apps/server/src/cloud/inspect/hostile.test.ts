/** The cases of `corpus/cloud/inside`, over real TLS, with a destination that keeps all that reaches it. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import type { OutgoingHttpHeaders } from 'node:http2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  LOGIN,
  sayInside,
  startInspection,
  startTlsOrigin,
  terminalOf,
} from './inspect.test-support.ts'
import type { TestInspection, TestOrigin } from './inspect.test-support.ts'

interface Case {
  readonly title: string
  /** Reasons that are given, in order. */
  readonly reasons: readonly string[]
  /** Requests that reach the destination. */
  readonly reached: number
  /** What an HTTP/1.1 terminal sends. */
  readonly send: string
  /** What an HTTP/2 terminal sends. */
  readonly headers: OutgoingHttpHeaders
}

function corpus(name: string): readonly Case[] {
  const file = new URL(`../../../../../corpus/cloud/inside/${name}.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases
}

let origin: TestOrigin
let gate: TestInspection
beforeAll(async () => {
  origin = await startTlsOrigin()
  gate = await startInspection({ origin })
})
afterAll(async () => {
  await gate.close()
  await origin.close()
})

function holds({ reasons, reached }: Case, before: number): void {
  const refused = gate.records.slice(before).filter(({ kind }) => kind === 'refused')
  expect(refused.map(({ reason }) => reason)).toEqual(reasons)
  expect(refused.every(({ client }) => client === 's0001')).toBe(true)
  expect(origin.got).toHaveLength(reached)
  expect(JSON.stringify(origin.got)).not.toMatch(/SEKRET|smuggled|x-secret/iu)
}

describe('a request inside HTTP/1.1', () => {
  it.each(corpus('h1'))('$title', async (one) => {
    origin.got.length = 0
    const before = gate.records.length
    const answers = await sayInside(gate, one.send, true)
    holds(one, before)
    for (const reason of one.reasons) expect(answers).toContain(reason)
    expect(answers.split('hello over 1.1')).toHaveLength(one.reached + 1)
  })
})

describe('a request inside HTTP/2', () => {
  it.each(corpus('h2'))('$title', async (one) => {
    origin.got.length = 0
    const before = gate.records.length
    const terminal = await terminalOf(gate, ['h2'])
    const session = connect(`https://${LOGIN}`, { createConnection: () => terminal })
    let page = ''
    const done = new Promise<void>((resolve) => {
      const stream = session.request(one.headers)
      stream.on('data', (chunk: Buffer) => (page += chunk.toString()))
      stream.on('error', () => undefined)
      stream.on('close', resolve)
    })
    await done
    session.destroy()
    holds(one, before)
    for (const reason of one.reasons) expect(page).toContain(reason)
  })

  it('has no extended CONNECT: the terminal is told so, and one that does not listen is cut off', async () => {
    origin.got.length = 0
    const terminal = await terminalOf(gate, ['h2'])
    const session = connect(`https://${LOGIN}`, { createConnection: () => terminal })
    const settings = await new Promise<{ enableConnectProtocol?: boolean }>((resolve) =>
      session.once('remoteSettings', resolve),
    )
    expect(settings.enableConnectProtocol ?? false).toBe(false)
    const stream = session.request({
      ':authority': LOGIN,
      ':path': '/a',
      ':method': 'CONNECT',
      ':protocol': 'websocket',
    })
    stream.on('error', () => undefined).resume()
    await new Promise((resolve) => stream.once('close', resolve))
    session.destroy()
    expect(origin.got).toEqual([])
  })
})
