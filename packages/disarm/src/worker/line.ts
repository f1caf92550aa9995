import { readSync, writeSync } from 'node:fs'
import type { Frame } from './frame.ts'
import { encodeFrame, parseHeader } from './frame.ts'

/**
 * The worker's end of the line. A worker has nothing else to do while it reads and writes, so it does so without waiting for events: each byte
 * goes once between the kernel and the place where it is needed.
 */
export const STANDARD_INPUT = 0
export const STANDARD_OUTPUT = 1

/** The next frame from the parent, which is trusted; `undefined` when it has closed the line. */
export function readFrame(from = STANDARD_INPUT): Frame | undefined {
  const lengths = Buffer.alloc(8)
  if (!fill(from, lengths)) return undefined
  const header = Buffer.alloc(lengths.readUInt32BE(0))
  const body = new Uint8Array(lengths.readUInt32BE(4))
  return fill(from, header) && fill(from, body) ? { header: parseHeader(header), body } : undefined
}

/** @returns false when the line ends before the place is full */
function fill(from: number, into: Uint8Array): boolean {
  for (let at = 0; at < into.length;) {
    const taken = readSync(from, into, at, into.length - at, null)
    if (taken === 0) return false
    at += taken
  }
  return true
}

export function writeFrame(
  header: unknown,
  body: readonly Uint8Array[],
  to = STANDARD_OUTPUT,
): void {
  for (const part of encodeFrame(header, body)) {
    for (let at = 0; at < part.length;) at += writeSync(to, part, at)
  }
}
