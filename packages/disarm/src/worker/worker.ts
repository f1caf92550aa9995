/**
 * The worker: reads one file after another from standard input, answers on standard output, knows nothing else. It is started
 * without network, without environment, without the right to write, spawn or load native code, and is thrown away after a number
 * of files. Whoever takes it over owns a process that can only lie about the file it was given.
 */
import type { Disarming } from '../engine.ts'
import { disarmBytes } from '../engine.ts'
import { RULESET_VERSION } from '../rules.ts'
import { FrameReader, encodeFrame } from './frame.ts'
import type { Question } from './question.ts'
import { splitBody } from './question.ts'

const MAX_INPUT = 0xffffffff
const reader = new FrameReader(MAX_INPUT)

send({ ready: RULESET_VERSION }, [])

for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
  const frame = reader.push(chunk)
  if (frame) answer(frame.header as Question, frame.body)
}

function answer(question: Question, body: Uint8Array): void {
  const { extension, final, parts, ...options } = question
  const { input, tools } = splitBody(body, parts)
  const disarming = disarmBytes(input, extension, { ...options, tools })
  if (final || disarming.wanted.length === 0) sendReport(disarming)
  else sendWanted(disarming)
}

function sendReport({ report, output }: Disarming): void {
  send({ report }, output ? [output] : [])
}

/** Other programs must look at something first: the parent asks them, and then asks us again. */
function sendWanted({ wanted }: Disarming): void {
  const list = wanted.map(({ tool, bytes }) => ({ tool, size: bytes.length }))
  send(
    { wanted: list },
    wanted.map(({ bytes }) => bytes),
  )
}

function send(header: unknown, body: readonly Uint8Array[]): void {
  for (const part of encodeFrame(header, body)) if (part.length > 0) process.stdout.write(part)
}
