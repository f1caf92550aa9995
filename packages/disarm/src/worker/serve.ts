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
 * V8 compiles what often runs twice: soon and simply, later at great cost. In the few milliseconds of a small file the second pays for the most used functions
 * only, and a worker does not live long enough for more; in a large file it is a third of the time. Only the choice of the compiler depends on it.
 */
function compileFor(bytes: number): void {
  const calls = bytes < SMALL ? CALLS_OF_SMALL : CALLS_OF_LARGE
  setFlagsFromString(`--invocation-count-for-turbofan=${calls}`)
}

/** Calls of a function, a loop counting as several, before it is compiled at great cost; the second is V8's own number. */
const CALLS_OF_SMALL = 60_000
const CALLS_OF_LARGE = 3_000

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
