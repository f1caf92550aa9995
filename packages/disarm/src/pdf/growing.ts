import type { Context } from '../family.ts'

/** A byte buffer that doubles and pays for every byte before it grows. */
export interface Growing {
  bytes: Uint8Array
  length: number
  /** Makes room for `count` bytes and returns where they start. */
  reserve(count: number): number
  push(byte: number): void
  append(more: Uint8Array): void
  done(): Uint8Array
}

const STEP = 65_536

export function growing(context: Context): Growing {
  let paid = 0
  return {
    bytes: new Uint8Array(1024),
    length: 0,
    reserve(count) {
      const at = this.length
      const wanted = at + count
      if (wanted > paid) {
        context.spend(wanted - paid + STEP)
        paid = wanted + STEP
      }
      if (wanted > this.bytes.length) this.bytes = enlarge(this.bytes, wanted)
      this.length = wanted
      return at
    },
    push(byte) {
      const at = this.reserve(1)
      this.bytes[at] = byte
    },
    append(more) {
      const at = this.reserve(more.length)
      this.bytes.set(more, at)
    },
    done() {
      return this.bytes.subarray(0, this.length)
    },
  }
}

function enlarge(bytes: Uint8Array, wanted: number): Uint8Array {
  const larger = new Uint8Array(Math.max(wanted, bytes.length * 2))
  larger.set(bytes)
  return larger
}
