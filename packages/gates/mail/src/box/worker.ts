/**
 * The program that rebuilds mails in the box of the disarm workers: no network, no files, no secrets, and thrown away after a number of mails.
 */
import { serveFrames } from '@sekisho/disarm/worker'
import { partKey } from '../message/pick-up.ts'
import type { PickUp } from '../message/pick-up.ts'
import { rebuildMessage } from '../message/rebuild.ts'
import type { MessageHelp } from '../message/rebuild.ts'
import type { BoxFile, BoxQuestion, BoxTold, PickUpFacts } from './question.ts'

/** Longest description of one mail, bytes of JSON: it must fit into one message between the sides. */
const MAX_FACTS = 400 * 1024

await serveFrames(async (question, bytes) => {
  const {
    route,
    address,
    doubtful = false,
    until,
    limits,
    files = [],
    mailBytes = bytes.length,
  } = question as BoxQuestion
  const outcome = await rebuildMessage(bytes.subarray(0, mailBytes), route, {
    link: ({ part }) => `${address}#${partKey(part)}`,
    doubtful,
    ...(until === undefined ? {} : { until }),
    disarm: settledBefore(files, bytes.subarray(mailBytes)),
    limits,
  })
  if (!outcome.ok) return said({ ok: false, reason: outcome.reason }, [])
  const { certificate, message, pickUps } = outcome
  const facts = { certificate, pickUps: pickUps.map(factsOf) }
  if (Buffer.byteLength(JSON.stringify(facts)) > MAX_FACTS)
    return said({ ok: false, reason: 'LIMIT-ENTRIES' }, [])
  const contents = pickUps.map(({ content }) => content)
  const sizes = [message, ...contents].map(({ length }) => length)
  return said({ ok: true, facts, sizes }, [message, ...contents])
})

/** What the pool made of a file before, by its place. A file that it did not settle waits outside. */
function settledBefore(
  files: readonly BoxFile[],
  outputs: Uint8Array,
): NonNullable<MessageHelp['disarm']> {
  let at = 0
  const settled = new Map(
    files.map(({ part, report, size }) => {
      const output = outputs.subarray(at, (at += size))
      return [part, { report, ...(size > 0 ? { output } : {}) }] as const
    }),
  )
  return async (_bytes, _name, part) => settled.get(part)
}

/** What a file holds stands in the body, not in the description. */
function factsOf({ content, ...entry }: PickUp): PickUpFacts {
  return { ...entry, bytes: content.length }
}

function said(told: BoxTold, body: readonly Uint8Array[]): { header: object; body: typeof body } {
  return { header: told, body }
}
