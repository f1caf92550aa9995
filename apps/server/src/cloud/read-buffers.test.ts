import { describe, expect, it } from 'vitest'
import { ReadBuffers, SHARED } from './read-buffers.ts'

/** Begins a download at a fresh place. */
function downloading(buffers: ReadBuffers) {
  const place = buffers.place()
  place.took(SHARED)
  return place
}

describe('memory that sockets read into', () => {
  it('is one piece for all that are not downloading, and nothing that is handed over lies in it', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [buffers.place(), buffers.place()]
    expect(other.piece()).toBe(one.piece())
    for (const length of [5, SHARED]) {
      one.piece().fill('a', 0, length)
      const first = one.took(length)
      other.piece().fill('b', 0, length)
      expect(first.equals(Buffer.alloc(length, 'a'))).toBe(true)
    }
  })

  it('is a large piece from the read that fills the shared one until after the download', () => {
    const buffers = new ReadBuffers()
    const place = downloading(buffers)
    expect(place.underWay).toBe(false)
    expect(place.piece().length).toBeGreaterThan(SHARED)
    for (let read = 0; read < 8; read += 1) {
      place.piece().fill(read)
      expect(place.took(100).equals(Buffer.alloc(100, read))).toBe(true)
      expect(place.underWay).toBe(true)
      place.done()
    }
    expect(place.piece()).toBe(buffers.shared)
  })

  it('is another piece for each of two downloads', () => {
    const buffers = new ReadBuffers()
    expect(downloading(buffers).piece()).not.toBe(downloading(buffers).piece())
  })

  it('is lent again only when what it held was written, also after the end', () => {
    const buffers = new ReadBuffers()
    const first = downloading(buffers)
    const piece = first.piece()
    first.took(50_000)
    first.end()
    expect(downloading(buffers).piece()).not.toBe(piece)
    first.done()
    expect(downloading(buffers).piece()).toBe(piece)
  })

  it('is lent again only when its last short read was written', () => {
    const buffers = new ReadBuffers()
    const first = downloading(buffers)
    const piece = first.piece()
    for (let read = 0; read < 8; read += 1) {
      if (read > 0) first.done()
      first.took(100)
    }
    expect(downloading(buffers).piece()).not.toBe(piece)
    first.done()
    expect(downloading(buffers).piece()).toBe(piece)
  })

  it('is lent once, and to nobody whose connection has ended', () => {
    const buffers = new ReadBuffers()
    const first = downloading(buffers)
    first.end()
    first.end()
    first.took(SHARED)
    expect(first.piece()).toBe(buffers.shared)
    expect(downloading(buffers).piece()).not.toBe(downloading(buffers).piece())
  })
})
