/**
 * What every worker program does: it says that it is ready, then reads, answers, and knows nothing else. Nothing of the disarmer stands behind this
 * module: a program that must not share code with it serves its own question from here.
 */
import { RULESET_VERSION } from '../rules.ts'
import { readFrame, writeFrame } from './line.ts'
import type { Frame } from './frame.ts'

/** A question of the program's own, beside the one about a file: its answer as header and body of one frame. */
export type Further = (
  question: unknown,
  bytes: Uint8Array,
) => Promise<{ readonly header: object; readonly body: readonly Uint8Array[] }>

/** Answers one question after another until the parent closes the line; a frame that asks something else ends the program. */
export function serveQuestions(further: Further): Promise<void> {
  return serveEach(further, () => {
    throw new TypeError('a question to another program')
  })
}

/** @param other answers a frame that does not ask the program's own question */
export async function serveEach(
  further: Further | undefined,
  other: (frame: Frame) => void,
): Promise<void> {
  writeFrame({ ready: RULESET_VERSION }, [])
  for (let frame = readFrame(); frame; frame = readFrame()) {
    if (further && asksFurther(frame.header)) {
      const { header, body } = await further(frame.header.further, frame.body)
      writeFrame(header, body)
    } else other(frame)
  }
}

function asksFurther(header: unknown): header is { readonly further: unknown } {
  return typeof header === 'object' && header !== null && 'further' in header
}
