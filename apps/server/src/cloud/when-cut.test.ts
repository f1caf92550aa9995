import { expect, it } from 'vitest'
import { notWhenCut, whenCut } from './when-cut.ts'

it('tells everybody who waits, once, and nobody who left', () => {
  const cut = new AbortController()
  const told: string[] = []
  const [one, two, three] = ['one', 'two', 'three'].map((name) => () => {
    told.push(name)
    // Whoever ends leaves, as a tunnel does.
    notWhenCut(cut.signal, three!)
  })
  for (const each of [one!, two!, three!]) whenCut(cut.signal, each)
  notWhenCut(cut.signal, two!)
  cut.abort()
  cut.abort()
  expect(told).toEqual(['one'])
})
