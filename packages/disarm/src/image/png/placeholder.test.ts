import { expect, test } from 'vitest'
import { disarmImage, verified } from '../specimens/report.ts'
import { placeholderPng } from './placeholder.ts'

test.each([
  [1, 1, '1x1'],
  [120, 80, '120x80'],
  [2000, 2001, '2000x2000'],
  [0, -5, '1x1'],
  [Number.NaN, Infinity, '1x2000'],
  [10.9, 3.2, '10x3'],
])('a placeholder of %d × %d is a clean picture of %s', (width, height, size) => {
  const png = placeholderPng(width, height)
  expect(verified(png)).toBe('png')
  expect(disarmImage(png)).toMatchObject({ size, removed: [] })
})

test('a placeholder is small, however large the picture it stands for', () => {
  expect(placeholderPng(2000, 2000).length).toBeLessThan(10_000)
})
