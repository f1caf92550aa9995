/**
 * A request, whole → the facts by which it may leave. Pure: no socket, no clock, no disk. It reads what a terminal wrote that may have been taken over, so a server runs it apart.
 */
import { createHash } from 'node:crypto'
import type { ConfidentialityLevel, WebUploadFacts } from '@sekisho/core'
import { Context, Refusal, cleanName, documentMarks } from '@sekisho/disarm/look'
import { compareClass } from '@sekisho/core'
import { readLabels } from '../../../outward/src/label.ts'
import type { LabelPlace, LabelTerms } from '../../../outward/src/label.ts'
import { countPersonalData } from '../../../outward/src/personal-data.ts'
import { typeOf } from './file-type.ts'
import type { SeenType } from './file-type.ts'
import { readSent } from './read-sent.ts'
import type { Sent, SentFile, SentRequest } from './read-sent.ts'

/** A file of a request, as far as people and the record are told. */
export interface ExaminedFile {
  /** Cleaned; empty when it has none. */
  readonly name: string
  /** As `detect` names it. */
  readonly type: string
  readonly bytes: number
  /** Lower-case hex: what an approval is bound to. */
  readonly sha256: string
}

export interface Examined {
  readonly facts: Pick<
    WebUploadFacts,
    'carries' | 'reading' | 'fileType' | 'sight' | 'level' | 'label' | 'myNumbers' | 'personalRows'
  >
  /** More than may be sent, once its coding is taken away. */
  readonly over: boolean
  readonly files: readonly ExaminedFile[]
}

export interface ExamineTerms extends LabelTerms {
  /** Bytes of the body with its coding taken away. */
  readonly most: number
}

/** Never throws for anything a request can contain. */
export function examineSent(request: SentRequest, terms: ExamineTerms): Examined {
  const sent = readSent(request, terms.most)
  const context = new Context()
  const files = sent.files.map((file, index) => fileFacts(file, index, context))
  const places: LabelPlace[] = [
    ...sent.texts.map((text) => ({ place: 'data', text, heading: false })),
    ...files.flatMap((file) => file.places),
  ]
  const personal = countPersonalData([...sent.texts, ...files.map(({ words }) => words)])
  const label = labelOf(places, files, terms)
  return {
    facts: {
      carries: sent.carries,
      reading: sent.reading,
      fileType: worstType(sent, files),
      sight: worstSight(files),
      level: label.level,
      label: label.label,
      myNumbers: personal.myNumbers,
      personalRows: personal.rows,
    },
    over: sent.over,
    files: files.map(({ file }) => file),
  }
}

interface FileFacts {
  readonly file: ExaminedFile
  readonly standing: SeenType['standing']
  readonly sight: WebUploadFacts['sight']
  readonly words: string
  readonly places: readonly LabelPlace[]
}

function fileFacts(sent: SentFile, index: number, context: Context): FileFacts {
  const { name, bytes } = sent
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const shown = name === '' ? '' : cleanName(name).name
  const place = `file ${index + 1}`
  try {
    const seen = typeOf(sent, context)
    const marks = documentMarks(bytes, name, context)
    // Words under an ending that nobody knows have no reader of their own.
    const words = marks.words === '' && seen.type === 'text' ? wordsOf(bytes) : marks.words
    return {
      file: { name: shown, type: seen.type, bytes: bytes.length, sha256 },
      standing: seen.standing,
      sight: marks.locked ? 'locked' : marks.partly ? 'partly' : 'all',
      words,
      places: [
        { place: `${place} name`, text: name, heading: true },
        { place: `${place} properties`, text: marks.properties.join('\n'), heading: true },
        { place, text: words, heading: false },
      ],
    }
  } catch (error) {
    // A bomb, or a bug in a reader: what was not read does not leave.
    const type = error instanceof Refusal ? error.reason : 'ENG-CRASH'
    const file = { name: shown, type, bytes: bytes.length, sha256 }
    return { file, standing: 'unknown', sight: 'partly', words: '', places: [] }
  }
}

const wordsOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const WORST_TYPE = ['program', 'lies', 'unknown', 'same'] as const

function worstType(sent: Sent, files: readonly FileFacts[]): WebUploadFacts['fileType'] {
  const all = new Set<WebUploadFacts['fileType']>(files.map(({ standing }) => standing))
  if (sent.lies) all.add('lies')
  if (sent.opaque) all.add('unknown')
  return WORST_TYPE.find((one) => all.has(one)) ?? 'none'
}

function worstSight(files: readonly FileFacts[]): WebUploadFacts['sight'] {
  const all = files.map(({ sight }) => sight)
  return all.includes('locked') ? 'locked' : all.includes('partly') ? 'partly' : 'all'
}

/**
 * What is written beside one file (its name in JSON, the title in the form) is said of it. Of several each needs a label of its own: that one bears it says nothing of the other. The highest of
 * all counts.
 */
function labelOf(
  places: readonly LabelPlace[],
  files: readonly FileFacts[],
  terms: LabelTerms,
): Pick<WebUploadFacts, 'label' | 'level'> {
  const whole = readLabels(places, { ...terms, unlabelled: '1' })
  const each =
    files.length === 1
      ? [readLabels(places, terms)]
      : files.map((file) => readLabels(file.places, terms))
  const state =
    whole.state === 'other-scheme'
      ? whole.state
      : (each.find((one) => one.state === 'missing')?.state ?? 'known')
  const level = each
    .filter((one) => one.state === 'known')
    .map((one) => one.level)
    .reduce(higher, whole.level)
  return { label: state, level }
}

function higher(one: ConfidentialityLevel, other: ConfidentialityLevel): ConfidentialityLevel {
  const scheme = '自治体機密性'
  const compared = compareClass({ scheme, level: one }, { scheme, level: other })
  return compared.ok && compared.order < 0 ? other : one
}
