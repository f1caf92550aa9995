import type { XmlAttribute } from '../xml/read.ts'
import { XML_NAMESPACE } from '../xml/read.ts'
import { readDeclarations } from './style.ts'
import type { StyleReport } from './style.ts'
import { ID, readValue } from './value.ts'
import { ATTRIBUTES, PROPERTIES, SENTENCES } from './vocabulary.ts'

const LANGUAGE = /^[A-Za-z0-9-]{1,35}$/
const PATH = /^[MmZzLlHhVvCcSsQqTtAa0-9eE.,+\-\s]*$/
const POINTS = /^[0-9eE.,+\-\s]*$/
const MAX_SENTENCE = 1000

/**
 * What becomes of an attribute that is no reference: its value in the written spelling, '' when it says nothing, or undefined
 * when it must go (which is reported here).
 */
export function attributeValue(
  { uri, local, value }: XmlAttribute,
  report: StyleReport,
): string | undefined {
  if (uri === XML_NAMESPACE) return xmlValue(local, value, report)
  if (uri !== '') return drop(report, /events/i.test(uri) ? 'active' : 'unknown')
  if (/^on/i.test(local)) return drop(report, 'active')
  if (local === 'style') return readDeclarations(value, report)
  if (local === 'id') return ID.test(value) ? value : drop(report, 'unknown')
  if (local === 'class') return classes(value, report)
  if (local === 'd') return matching(PATH, value, report)
  if (local === 'points') return matching(POINTS, value, report)
  if (local === 'lang') return matching(LANGUAGE, value, report)
  if (SENTENCES.has(local) && value.length <= MAX_SENTENCE) return value
  if (!PROPERTIES.has(local) && !ATTRIBUTES.has(local)) return drop(report, 'unknown')
  return plain(value, report)
}

function plain(value: string, report: StyleReport): string | undefined {
  if (value.trim() === '') return ''
  const read = readValue(value)
  if ('flaw' in read) return drop(report, read.flaw)
  report.refers(read.refers, '')
  return read.text
}

function xmlValue(local: string, value: string, report: StyleReport): string | undefined {
  if (local === 'space') return matching(/^(?:default|preserve)$/, value, report)
  if (local === 'lang') return value === '' ? '' : matching(LANGUAGE, value, report)
  // Another base sends every `#id` to another file.
  return drop(report, local === 'base' ? 'external' : 'unknown')
}

function classes(value: string, report: StyleReport): string {
  const names = value.split(/\s+/).filter((name) => name !== '')
  const kept = names.filter((name) => ID.test(name))
  if (kept.length < names.length) report.dropped('unknown')
  return kept.join(' ')
}

function matching(pattern: RegExp, value: string, report: StyleReport): string | undefined {
  const text = value.trim().replaceAll(/\s+/g, ' ')
  return pattern.test(text) ? text : drop(report, 'unknown')
}

function drop(report: StyleReport, flaw: 'external' | 'active' | 'unknown'): undefined {
  report.dropped(flaw)
  return undefined
}
