/** The program that reads what terminals send, in the box of the disarm workers: no network, no files, no secrets, and thrown away after a number of requests. */
import { serveFrames } from '@sekisho/disarm/worker'
import { examineSent } from '../examine.ts'
import type { SentQuestion, SentTold } from './question.ts'

await serveFrames((question, body) => {
  const { request, terms } = question as SentQuestion
  const header: SentTold = examineSent({ ...request, body }, terms)
  return Promise.resolve({ header, body: [] })
})
