import { describe, expect, it } from 'vitest'
import { ReadBuffers, SMALL } from './read-buffers.ts'

/** Begins a download at a fresh place. */
function downloading(buffers: ReadBuffers) {
  const place = buffers.place()
  place.took(SMALL)
  place.done()
  return place
}

describe('memory that sockets read into', () => {
  it('is small until a read fills it, and small again after the download', () => {
    const place = downloading(new ReadBuffers())
    expect(place.piece().length).toBeGreaterThan(SMALL)
    for (let read = 0; read < 8; read += 1) {
      place.took(100)
      place.done()
    }
    expect(place.piece().length).toBe(SMALL)
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

  it('is lent once', () => {
    const buffers = new ReadBuffers()
    const first = downloading(buffers)
    first.end()
    first.end()
    expect(downloading(buffers).piece()).not.toBe(downloading(buffers).piece())
  })
})
