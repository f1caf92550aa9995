/**
 * The worker: reads one file after another from standard input, answers on standard output, knows nothing else. It is started
 * without network, without environment, without the right to write, spawn or load native code, and is thrown away after a number
 * of files. Whoever takes it over owns a process that can only lie about the file it was given.
 */
import { disarmBytes } from '../engine.ts'
import type { Limits } from '../family.ts'
import { RULESET_VERSION } from '../rules.ts'
import { FrameReader, encodeFrame } from './frame.ts'

interface Question {
  readonly extension: string
  readonly password?: string
  readonly limits: Limits
}

const MAX_INPUT = 0xffffffff

const reader = new FrameReader(MAX_INPUT)
send({ ready: RULESET_VERSION }, new Uint8Array())

for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
  const frame = reader.push(chunk)
  if (frame) answer(frame.header as Question, frame.body)
}

function answer(question: Question, bytes: Uint8Array): void {
  const { extension, password, limits } = question
  const options = password === undefined ? { limits } : { limits, password }
  const { report, output } = disarmBytes(bytes, extension, options)
  send({ report }, output ?? new Uint8Array())
}

function send(header: unknown, body: Uint8Array): void {
  for (const part of encodeFrame(header, body)) if (part.length > 0) process.stdout.write(part)
}
