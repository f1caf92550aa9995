import { parentPort, workerData } from 'node:worker_threads'
import { verifyClean } from '@sekisho/disarm/verify'
import { isRecord } from '../shape.ts'

const given: unknown = workerData
const bytes = isRecord(given) ? given['bytes'] : undefined
const ending = isRecord(given) ? given['ending'] : undefined
const digests = isRecord(given) ? given['macroDigests'] : undefined
const macroDigests = Array.isArray(digests) ? digests.map(String) : []
if (!(bytes instanceof Uint8Array) || typeof ending !== 'string') throw new TypeError('no bytes')
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(verifyClean(bytes, ending, { macroDigests }))
