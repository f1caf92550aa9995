import type { Socket } from 'node:net'

/** The lines of a socket, one by one. A line longer than `most` ends the connection: whoever sends it wants to fill memory. */
export async function* lineReader(socket: Socket, most: number): AsyncGenerator<string> {
  let rest = ''
  socket.setEncoding('utf8')
  try {
    for await (const chunk of socket) {
      rest += chunk as string
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 1)
        if (line.length > most) return
        yield line
      }
      if (rest.length > most) return
    }
  } catch {
    // A connection that breaks ends the lines.
  } finally {
    socket.destroySoon()
  }
}
