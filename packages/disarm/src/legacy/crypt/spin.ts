import { hash } from 'node:crypto'

/**
 * Hashes a number and the digest before it, again and again ([MS-OFFCRYPTO] 2.3.4.7 and 2.3.4.11), so that each password takes an attacker long to try.
 * Readers pay the same: as text of one letter a byte the runtime hands a digest over in a third of the time that it takes for a buffer.
 * @param first digest of salt and password
 * @param onRound called now and then: a hostile file asks for as many rounds as it may
 */
export function spin(
  algorithm: string,
  first: Uint8Array,
  rounds: number,
  onRound?: () => void,
): Buffer {
  const step = Buffer.alloc(4 + first.length)
  step.set(first, 4)
  for (let round = 0; round < rounds; round++) {
    if (round % ROUNDS_BETWEEN === 0) onRound?.()
    step.writeUInt32LE(round, 0)
    step.write(hash(algorithm, step, 'binary'), 4, 'latin1')
  }
  return step.subarray(4)
}

const ROUNDS_BETWEEN = 4096
