import type { Slot, Value } from './objects.ts'

/** Whether nothing is written for this value: it links to nothing, or what it needs does. */
export function isGone(value: Value | undefined): boolean {
  if (value === undefined) return true
  if (typeof value !== 'object' || value === null) return false
  switch (value.kind) {
    case 'link':
      return value.slot.value === undefined
    case 'list':
      if (value.gaps === 'spoil') return value.items.some(isGone)
      return value.gaps === 'left out' && value.items.length > 0 && value.items.every(isGone)
    case 'dictionary':
      return (value.required ?? []).some((key) => isGone(value.entries.get(key)))
    case 'stream':
      return isGone(value.dictionary)
    default:
      return false
  }
}

/** A mask needs its group, a pattern its shading, a font its descendant: three links at most, then one to spare. */
const MAX_ROUNDS = 8

/** Empties the slots whose value turned out to be worth nothing, and those that needed them. */
export function pruneSlots(slots: readonly Slot[]): void {
  for (let round = 0, changed = true; changed && round < MAX_ROUNDS; round += 1) {
    changed = false
    for (const slot of slots) {
      if (slot.value === undefined || !isGone(slot.value)) continue
      slot.value = undefined
      changed = true
    }
  }
}
