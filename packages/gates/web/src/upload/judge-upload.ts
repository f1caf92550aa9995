/** What was seen of a request, as facts; the rules of the guideline answer. Nothing is decided here. */
import type { Answer, Town, WebUploadFacts } from '@sekisho/core'
import type { Asks } from '../destination/judge-destination.ts'
import { methodOf } from '../destination/seen-request.ts'
import type { Exchange } from '../inside/guard.ts'
import type { Examined } from './examine.ts'
import { headWords } from './head-words.ts'
import type { HeadWords } from './head-words.ts'
import { ADDRESS_BYTES, FIELD_BYTES } from './limits.ts'

export interface UploadSeen {
  readonly exchange: Pick<Exchange, 'method' | 'path' | 'headers' | 'pattern'>
  readonly examined: Pick<Examined, 'facts'>
  readonly size: WebUploadFacts['size']
  readonly approved: boolean
}

export interface UploadTerms {
  readonly town: Pick<Town, 'model' | 'edition'>
  readonly outwardApproval: WebUploadFacts['outwardApproval']
}

export function uploadFacts(
  { exchange, examined, size, approved }: UploadSeen,
  { town, outwardApproval }: UploadTerms,
): WebUploadFacts {
  const { facts } = examined
  const address = addressLength(exchange)
  const head = address === 'short' ? headWords(exchange.path, exchange.headers) : NO_WORDS
  return {
    ...town,
    ...facts,
    reading: head.file && facts.carries !== 'file' ? 'unreadable' : facts.reading,
    myNumbers: Math.max(facts.myNumbers, head.myNumbers),
    pattern: exchange.pattern,
    method: methodOf(exchange.method),
    address,
    size,
    outwardApproval,
    approved,
  }
}

export const judgeUpload = (judge: Asks, facts: WebUploadFacts): Answer =>
  judge.ask({ question: 'web-upload', facts })

/** A head that is too long is not read to say more. */
const NO_WORDS: HeadWords = { file: false, myNumbers: 0 }

function addressLength({
  path,
  headers,
}: Pick<Exchange, 'path' | 'headers'>): WebUploadFacts['address'] {
  const fields = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return Buffer.byteLength(path) > ADDRESS_BYTES || fields > FIELD_BYTES ? 'long' : 'short'
}

/** What is known of a request whose body was not read, for one reason or another. */
export const UNREAD: Examined['facts'] = {
  carries: 'data',
  reading: 'whole',
  fileType: 'none',
  sight: 'all',
  level: '1',
  label: 'known',
  myNumbers: 0,
  personalRows: 0,
}
