import { constants, createInflateRaw, inflateRawSync } from 'node:zlib'
import { refuse } from '../family.ts'

/** Most bytes that come out at a time, and least. */
const WINDOW = 64 * 1024
const LEAST_WINDOW = 1024

/**
 * Inflates a raw deflate stream piece by piece, without ever holding what comes out as a whole. Each piece is only valid until the
 * next one is asked for. The stream must end with the last byte of `input`.
 *
 * Node's zlib has no such call that does not wait; its own synchronous calls are made of the handle below. Where that is not as
 * expected, all comes out at once.
 *
 * @param limit bytes that may come out; one more is a bomb
 * @param expected bytes that are said to come out: only the room for a piece depends on it
 */
export function* inflatePieces(
  input: Uint8Array,
  limit: number,
  expected = WINDOW,
): Generator<Uint8Array> {
  const handle = openHandle()
  if (!handle) {
    yield inflateWhole(input, limit)
    return
  }
  try {
    // One byte more than expected: so the end shows with the first piece.
    const room = Math.min(WINDOW, Math.max(LEAST_WINDOW, expected + 1))
    yield* drain(handle, input, limit, room)
  } finally {
    handle.close()
  }
}

interface Handle {
  /** Returns how many bytes of input and of output are left; undefined when the stream is damaged. */
  step(
    input: Uint8Array,
    from: number,
    output: Uint8Array,
  ): { readonly input: number; readonly output: number } | undefined
  close(): void
}

function* drain(
  handle: Handle,
  input: Uint8Array,
  limit: number,
  room: number,
): Generator<Uint8Array> {
  const output = Buffer.allocUnsafe(room)
  let from = 0
  let total = 0
  for (;;) {
    const left = handle.step(input, from, output)
    if (!left) refuse('ZIP-AMBIG')
    from = input.length - left.input
    const size = output.length - left.output
    total += size
    if (total > limit) refuse('ZIP-BOMB')
    if (size > 0) yield output.subarray(0, size)
    if (left.output > 0) break
  }
  if (from !== input.length) refuse('ZIP-AMBIG')
}

interface Native {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLeft: number,
    output: Uint8Array,
    outputAt: number,
    outputLeft: number,
  ): void
}

function openHandle(): Handle | undefined {
  // The stream's own room is never used.
  const stream = createInflateRaw({ chunkSize: constants.Z_MIN_CHUNK })
  const { _handle: native, _writeState: state } = stream as unknown as {
    readonly _handle?: Native
    readonly _writeState?: Uint32Array
  }
  if (typeof native?.writeSync !== 'function' || state?.length !== 2) return undefined
  let damaged = false
  Object.assign(native, {
    onerror: () => {
      damaged = true
    },
  })
  return {
    step(input, from, output) {
      // Asked to finish, zlib says so when the stream ends too early.
      native.writeSync(
        constants.Z_FINISH,
        input,
        from,
        input.length - from,
        output,
        0,
        output.length,
      )
      const [outputLeft = 0, inputLeft = 0] = state
      return damaged ? undefined : { input: inputLeft, output: outputLeft }
    },
    close: () => stream.close(),
  }
}

function inflateWhole(input: Uint8Array, limit: number): Uint8Array {
  try {
    const options: object = { maxOutputLength: limit, info: true }
    const { buffer, engine } = inflateRawSync(input, options) as unknown as {
      readonly buffer: Uint8Array
      readonly engine: { readonly bytesWritten: number }
    }
    return engine.bytesWritten === input.length ? buffer : refuse('ZIP-AMBIG')
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return refuse(large ? 'ZIP-BOMB' : 'ZIP-AMBIG')
  }
}
