/** The program that disarms files, with or without a question of its own besides. */
import { setFlagsFromString } from 'node:v8'
import type { Disarming } from '../engine.ts'
import { disarmBytes } from '../engine.ts'
import type { Frame } from './frame.ts'
import { writeFrame } from './line.ts'
import type { Question } from './question.ts'
import { splitBody } from './question.ts'
import { serveEach } from './serve-questions.ts'
import type { Further } from './serve-questions.ts'

/** Bytes of a file from which on the costly compiling pays. */
const SMALL = 256 * 1024

/** Answers one question after another until the parent closes the line. */
export function serveFrames(further?: Further): Promise<void> {
  const asked: Further | undefined =
    further &&
    ((question, bytes) => {
      compileFor(bytes.length)
      return further(question, bytes)
    })
  return serveEach(asked, (frame) => {
    compileFor(frame.body.length)
    answer(frame)
  })
}

function answer({ header, body }: Frame): void {
  const { extension, final, parts, ...options } = header as Question
  const { input, tools } = splitBody(body, parts)
  const disarming = disarmBytes(input, extension, { ...options, tools })
  if (final || disarming.wanted.length === 0) sendReport(disarming)
  else sendWanted(disarming)
}

/**
 * V8 compiles what often runs twice: soon and simply, later at great cost. The second never pays in the few milliseconds of a small file, and a worker
 * does not live long enough for it; in a large one it is a third of the time. Only the choice of the compiler depends on it.
 */
function compileFor(bytes: number): void {
  setFlagsFromString(bytes < SMALL ? '--efficiency-mode' : '--no-efficiency-mode')
}

function sendReport({ report, output }: Disarming): void {
  writeFrame({ report }, output ? [output] : [])
}

/** Other programs must look at something first: the parent asks them, and then asks us again. */
function sendWanted({ wanted }: Disarming): void {
  const list = wanted.map(({ tool, bytes }) => ({ tool, size: bytes.length }))
  writeFrame(
    { wanted: list },
    wanted.map(({ bytes }) => bytes),
  )
}
