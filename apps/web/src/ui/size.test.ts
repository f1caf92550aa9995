import { describe, expect, it } from 'vitest'
import { sizeText } from './size.ts'

describe('sizes', () => {
  it.each([
    [0, '0バイト'],
    [1023, '1023バイト'],
    [1024, '1.0KB'],
    [1_048_575, '1.0MB'],
    [209_715_200, '200MB'],
    [1_073_741_823, '1.0GB'],
    [5_000_000_000_000, '4657GB'],
  ])('%i is %s', (bytes, words) => {
    expect(sizeText(bytes)).toBe(words)
  })
})
