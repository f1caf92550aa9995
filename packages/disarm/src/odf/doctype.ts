/**
 * Old programs (OpenOffice.org 1 and 2) began their parts with a DOCTYPE that names a public identifier of their own. It declares
 * nothing and no program fetches it, so it is taken away before reading; any other DOCTYPE stays and is refused by the reader.
 */
export function* withoutDoctype(
  pieces: Iterable<Uint8Array>,
  dropped: () => void,
): Generator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array()
  for (const piece of pieces) {
    if (head === undefined) {
      yield piece
      continue
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece])
    if (head.length < HEAD) {
      head = Uint8Array.from(head)
      continue
    }
    yield plainHead(head, dropped)
    head = undefined
  }
  if (head !== undefined) yield plainHead(head, dropped)
}

function plainHead(bytes: Uint8Array, dropped: () => void): Uint8Array {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD))
  const match = DOCTYPE.exec(head.toString('latin1'))
  if (!match) return bytes
  dropped()
  const [, before = '', doctype = ''] = match
  const rest = bytes.subarray(before.length + doctype.length)
  return Buffer.concat([bytes.subarray(0, before.length), rest])
}

const HEAD = 1024
/** Neither an internal subset (`[`) nor a system identifier with a path. */
const DOCTYPE =
  /^((?:\xef\xbb\xbf)?(?:<\?xml[^<>]{0,200}\?>)?[ \t\r\n]{0,20})(<!DOCTYPE[ \t\r\n]{1,20}(?:office:document(?:-content|-styles|-meta|-settings)?|manifest:manifest|math:math)[ \t\r\n]{1,20}PUBLIC[ \t\r\n]{1,20}"-\/\/OpenOffice\.org\/\/DTD [A-Za-z0-9 .]{1,60}\/\/EN"[ \t\r\n]{1,20}"[A-Za-z]{1,20}\.dtd"[ \t\r\n]{0,20}>)/
