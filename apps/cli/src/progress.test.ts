import { expect, it } from 'vitest'
import { restText } from './progress.ts'

it.each([
  [0, 100, 60_000, ''],
  [1, 100, 100, ''],
  [50, 100, 20_000, '、残りおよそ20秒'],
  [30, 1_788, 10_000, '、残りおよそ10分'],
  [100, 100, 20_000, ''],
])('%d of %d after %d ms: %s', (done, total, milliseconds, text) => {
  expect(restText(done, total, milliseconds)).toBe(text)
})
