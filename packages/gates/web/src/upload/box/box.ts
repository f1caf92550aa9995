/** Has a request read in the box, and reads the answer as if an attacker wrote it, because one may have. */
import { fileURLToPath } from 'node:url'
import { CONFIDENTIALITY_LEVELS } from '@sekisho/core'
import type { Pool } from '@sekisho/disarm'
import type { ExaminedFile, Examined } from '../examine.ts'
import { UNREAD } from '../judge-upload.ts'
import type { SentRequest } from '../read-sent.ts'
import type { SentQuestion } from './question.ts'

/** What a pool of workers is to run so that it reads what is sent to the cloud (`createPool`). */
export const UPLOAD_PROGRAM = {
  program: fileURLToPath(new URL('worker.ts', import.meta.url)),
  packages: ['@sekisho/disarm'],
} as const

/** What a box that did not answer, or lied, is worth: nothing that was not read leaves. */
const NOT_READ: Examined = {
  facts: { ...UNREAD, reading: 'unreadable' },
  over: false,
  files: [],
}

export async function examineInBox(
  pool: Pick<Pool, 'ask'>,
  { body, ...request }: SentRequest,
  terms: SentQuestion['terms'],
): Promise<Examined> {
  // The box needs no cookies and no tokens.
  const headers = request.headers.filter(([name]) => ABOUT_BODY.test(name))
  const question: SentQuestion = { request: { ...request, headers }, terms }
  const told = await pool.ask(body, question, (header) => readExamined(header))
  return told.ok ? told.told : NOT_READ
}

const ABOUT_BODY =
  /^(?:content-[a-z-]{1,40}|upload-[a-z]{1,20}|x-goog-upload-[a-z-]{1,20}|x-chunk-index|x-file-chunk)$/iu

const CLOSED: { readonly [Fact in keyof Examined['facts']]?: readonly unknown[] } = {
  carries: ['nothing', 'data', 'file', 'stream'],
  reading: ['whole', 'part', 'coding', 'unreadable'],
  fileType: ['none', 'same', 'lies', 'unknown', 'program'],
  sight: ['all', 'partly', 'locked'],
  level: CONFIDENTIALITY_LEVELS,
  label: ['known', 'missing', 'other-scheme'],
}
const COUNTS = ['myNumbers', 'personalRows']

/** The closed form of an answer; `undefined` for anything else. */
export function readExamined(header: unknown): Examined | undefined {
  if (!isRecord(header)) return undefined
  const { facts, over, files, ...more } = header
  if (!isRecord(facts) || typeof over !== 'boolean' || !Array.isArray(files)) return undefined
  if (Object.keys(more).length > 0 || !files.every(isFile)) return undefined
  const names = [...Object.keys(CLOSED), ...COUNTS]
  const known =
    Object.keys(facts).length === names.length &&
    Object.entries(CLOSED).every(([name, values]) => values.includes(facts[name])) &&
    COUNTS.every((name) => isCount(facts[name]))
  // A file that is sent and not told of could not be approved or refused by its digest.
  const told = (facts['carries'] === 'file') === files.length > 0
  return known && told ? (header as unknown as Examined) : undefined
}

function isFile(value: unknown): value is ExaminedFile {
  if (!isRecord(value) || Object.keys(value).length !== 4) return false
  const { name, type, bytes, sha256 } = value
  return (
    typeof name === 'string' &&
    typeof type === 'string' &&
    /^[A-Za-z0-9-]{1,40}$/u.test(type) &&
    isCount(bytes) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/u.test(sha256)
  )
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
