/**
 * Gives the memory of bytes back at once, without waiting for the collector: so what is put together grows by what its pieces shrink, and
 * a file of 50 MB is never held twice. They are empty afterwards; only for bytes that nobody else has.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  // A view of something larger is not ours to take away.
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength)
    buffer.transfer(0)
}
