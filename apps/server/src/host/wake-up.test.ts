import { expect, test, vi } from 'vitest'
import { WakeUp } from './wake-up.ts'

test('a call while nobody sleeps ends the next sleep at once, and only that one', async () => {
  const wakeUp = new WakeUp()
  wakeUp.call()
  wakeUp.call()
  await wakeUp.next()
  let over = false
  const sleeping = wakeUp.next().then(() => (over = true))
  await new Promise(setImmediate)
  expect(over).toBe(false)
  wakeUp.call()
  await sleeping
})

test('a sleep that was ended by a call leaves no timer, and one that was not ends by itself', async () => {
  vi.useFakeTimers()
  try {
    const wakeUp = new WakeUp()
    const called = wakeUp.next(60_000)
    wakeUp.call()
    await called
    expect(vi.getTimerCount()).toBe(0)
    const alone = wakeUp.next(60_000)
    await vi.advanceTimersByTimeAsync(60_000)
    await alone
  } finally {
    vi.useRealTimers()
  }
})
