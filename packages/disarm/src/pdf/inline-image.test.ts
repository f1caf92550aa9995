import { expect, it } from 'vitest'
import { buildPdf, streamBody } from './build.test-support.ts'
import { disarm } from './corpus.test-support.ts'

it('a picture in the content whose dictionary breaks off costs itself, not the page', () => {
  for (const broken of ['BI /W 8 /D [1 ', 'BI /W (', 'BI <<', 'BI /D << /A'])
    expect(disarm(buildPdf({ 4: streamBody(`0 0 9 9 re f\n${broken}`) })).reason).toBeUndefined()
})
