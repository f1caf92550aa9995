import { describe, expect, it } from 'vitest'
import { LockedStream } from './locked-stream.ts'

const dictionary = { kind: 'dictionary', entries: new Map() } as const

function locked(): { readonly stream: LockedStream; readonly opened: Uint8Array[] } {
  const opened: Uint8Array[] = []
  const stream = new LockedStream(dictionary, () => {
    const bytes = Uint8Array.of(1, 2, 3)
    opened.push(bytes)
    return bytes
  })
  return { stream, opened }
}

describe('a stream of an encrypted file', () => {
  it('is not opened before somebody asks for its bytes, and then once', () => {
    const { stream, opened } = locked()
    expect(opened).toHaveLength(0)
    expect(stream.raw).toBe(stream.raw)
    expect(opened).toHaveLength(1)
  })

  it('is not held open behind a picture that was written, and opens again for the next place that shows it', () => {
    const { stream, opened } = locked()
    const before = stream.raw
    stream.close(new Uint8Array())
    expect(before).toHaveLength(0)
    expect([...stream.raw]).toEqual([1, 2, 3])
    expect(opened).toHaveLength(2)
  })

  it('leaves alone what goes into the new file as it stands', () => {
    const { stream } = locked()
    const kept = stream.raw.subarray(1)
    stream.close(kept)
    expect([...kept]).toEqual([2, 3])
  })
})
