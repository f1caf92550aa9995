import type { EvidenceFilter } from '@sekisho/store'
import type { EvidenceRow } from '../api.ts'
import words from '../words/csv.json' with { type: 'json' }

/** Characters with which Excel begins a formula. */
const FORMULA = /^[=+\-@\t\r]/u

/**
 * A table that opens in Excel by double click: UTF-8 with BOM, CRLF (RFC 4180). A value that Excel would run as a
 * formula is made text, and the first line says so.
 */
export function toCsv(rows: readonly EvidenceRow[], filter: EvidenceFilter): string {
  const asked = Object.entries(filter).map(([name, value]) => `${name}=${String(value)}`)
  const lines = [
    [words.note, ...(asked.length > 0 ? [`${words.filter} ${asked.join(' ')}`] : [])],
    words.columns,
    ...rows.map(({ index, entry, sentence }) => [
      String(index),
      entry.at,
      entry.kind,
      entry.side,
      entry.actor,
      entry.number ?? '',
      sentence,
      JSON.stringify(entry.detail),
    ]),
  ]
  return `\uFEFF${lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
