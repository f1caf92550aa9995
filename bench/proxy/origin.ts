/**
 * A server outside for the bench. After the ClientHello (a length of its own, sent as four digits in front by nobody: the bytes are known) the first letter says what is wanted:
 * `D` and eight digits: so many mebibytes; `E`: every byte comes back. Prints its port.
 */
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { HELLO } from './hello.ts'

const MIB = Buffer.alloc(1 << 20, 'x')

function serve(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  let skip = HELLO.length
  socket.on('data', function first(chunk: Buffer) {
    const skipped = Math.min(skip, chunk.length)
    skip -= skipped
    const rest = chunk.subarray(skipped)
    if (rest.length === 0) return
    socket.off('data', first)
    if (rest[0] === 0x44) send(socket, Number(rest.toString('latin1', 1, 9)))
    else {
      socket.write(rest)
      socket.pipe(socket)
    }
  })
}

function send(socket: Socket, mebibytes: number): void {
  let left = mebibytes
  const more = (): void => {
    while (left > 0) {
      left -= 1
      if (!socket.write(MIB)) return void socket.once('drain', more)
    }
    socket.end()
  }
  more()
}

const server = createServer(serve).listen(0, '127.0.0.1', 4096, () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
