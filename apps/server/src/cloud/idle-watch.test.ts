import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { idleWatch } from './idle-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const one = { moved: true, quiet: 0, ended: 0, end: () => void (one.ended += 1) }
  return one
}

it('ends once what was quiet for the allowed time, not before, and not much later', () => {
  const one = watched()
  idleWatch(800).add(one)
  vi.advanceTimersByTime(800)
  expect(one.ended).toBe(0)
  vi.advanceTimersByTime(200)
  expect(one.ended).toBe(1)
  vi.advanceTimersByTime(5_000)
  expect(one.ended).toBe(1)
})

it('lets go on what moves, and each by itself', () => {
  const [busy, idle] = [watched(), watched()]
  idleWatch(800).add(busy)
  idleWatch(800).add(idle)
  for (let step = 0; step < 20; step += 1) {
    vi.advanceTimersByTime(500)
    busy.moved = true
  }
  expect([busy.ended, idle.ended]).toEqual([0, 1])
  idleWatch(800).delete(busy)
})

it('has no timer when nothing is watched', () => {
  const one = watched()
  idleWatch(800).add(one)
  expect(vi.getTimerCount()).toBe(1)
  idleWatch(800).delete(one)
  expect(vi.getTimerCount()).toBe(0)
  const other = watched()
  idleWatch(800).add(other)
  vi.advanceTimersByTime(2_000)
  expect(other.ended).toBe(1)
  expect(vi.getTimerCount()).toBe(0)
})
