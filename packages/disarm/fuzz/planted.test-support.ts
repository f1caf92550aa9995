/** A fault behind three doors: chance alone needs a hundred thousand tries, one who sees each door open needs a few thousand. */
export function planted(bytes: Uint8Array): string {
  if (bytes[0]! >> 3 !== 0x0b) return ''
  if (bytes[1]! >> 3 !== 0x15) return secondDoor()
  if (bytes[2]! >> 3 !== 0x02) return thirdDoor()
  return 'behind three doors'
}

function secondDoor(): string {
  return ''
}

function thirdDoor(): string {
  return ''
}
