/** A reader that the file it reads has taken over, or broken: its argument chooses how. */
import { serveQuestions } from '@sekisho/disarm/worker/questions'
import { packed, unpacked } from './bytes-beside.ts'

const [deed = ''] = process.argv.slice(2)
let seen = 0

const CLEAN = { kind: 'verified', verdict: { clean: true, type: 'txt', rules: [] } }

const DEEDS: Readonly<Record<string, (asked: unknown) => unknown>> = {
  'counts what it saw': () => ({ ...CLEAN, verdict: { ...CLEAN.verdict, seen: (seen += 1) } }),
  'says that it is clean, as an answer to something else': () => ({ ...CLEAN, kind: 'inside' }),
  'says that it is clean, without a type': () => ({ kind: 'verified', verdict: { clean: true } }),
  'gives a word for an answer': () => 'clean',
  'never answers': () => {
    for (;;);
  },
  dies: () => {
    throw new Error('boom')
  },
}

await serveQuestions(async (_, bytes) => ({
  header: {},
  body: packed(DEEDS[deed]?.(unpacked(bytes))),
}))
