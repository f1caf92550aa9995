import { createCompiledJudge } from '@sekisho/judge'
import { describe, expect, it } from 'vitest'
import { examineSent } from './examine.ts'
import { judgeUpload, uploadFacts } from './judge-upload.ts'
import { SENT_BYTES } from './limits.ts'
import { bodyOf, headOf, uploadCases } from './uploads.test-support.ts'
import type { UploadCase } from './uploads.test-support.ts'

const judge = createCompiledJudge()

describe('every case of corpus/cloud/uploads is answered as its file says', () => {
  for (const [file, one] of uploadCases())
    it(`${file}: ${one.title}`, () => {
      const answer = answerTo(one)
      expect({
        result: answer.result,
        rules: answer.findings.map(({ rule }) => rule),
      }).toEqual({ rules: [], ...one.expect })
    })

  it('beside every kind of trick stands one that passes', () => {
    const kinds = Map.groupBy(uploadCases(), ([file]) => file)
    for (const cases of kinds.values())
      expect(new Set(cases.map(([, { expect: wanted }]) => wanted.result))).toContain('pass')
  })
})

function answerTo(one: UploadCase) {
  const { pattern = 'communication' } = one
  const { method, path, headers } = headOf(one)
  const { approval = 'never', unlabelled = 'ask', marks = [] } = one.town ?? {}
  const body = bodyOf(one)
  const request = { method, path, headers, body }
  const most = SENT_BYTES[pattern]
  const examined = examineSent(request, { unlabelled, marks, most })
  const size = examined.over || body.length > most ? 'over' : 'within'
  const exchange = { method, path, headers, pattern }
  const town = { model: 'α′', edition: 'R8.3' } as const
  const facts = uploadFacts(
    { exchange, examined, size, approved: one.approved ?? false },
    { town, outwardApproval: approval },
  )
  return judgeUpload(judge, facts)
}
