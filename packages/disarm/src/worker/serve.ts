/**
 * What every worker program does: it says that it is ready, then reads, answers, and knows nothing else.
 */
import type { Disarming } from '../engine.ts'
import { disarmBytes } from '../engine.ts'
import { RULESET_VERSION } from '../rules.ts'
import type { Frame } from './frame.ts'
import { readFrame, writeFrame } from './line.ts'
import type { Question } from './question.ts'
import { splitBody } from './question.ts'

/** A question of the program's own, beside the one about a file: its answer as header and body of one frame. */
export type Further = (
  question: unknown,
  bytes: Uint8Array,
) => Promise<{ readonly header: object; readonly body: readonly Uint8Array[] }>

/** Answers one question after another until the parent closes the line. */
export async function serveFrames(further?: Further): Promise<void> {
  writeFrame({ ready: RULESET_VERSION }, [])
  for (let frame = readFrame(); frame; frame = readFrame()) {
    if (further && asksFurther(frame.header)) {
      const { header, body } = await further(frame.header.further, frame.body)
      writeFrame(header, body)
    } else answer(frame)
  }
}

function asksFurther(header: unknown): header is { readonly further: unknown } {
  return typeof header === 'object' && header !== null && 'further' in header
}

function answer({ header, body }: Frame): void {
  const { extension, final, parts, ...options } = header as Question
  const { input, tools } = splitBody(body, parts)
  const disarming = disarmBytes(input, extension, { ...options, tools })
  if (final || disarming.wanted.length === 0) sendReport(disarming)
  else sendWanted(disarming)
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
