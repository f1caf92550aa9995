import words from '../../words/watch.json' with { type: 'json' }
import { personName, serviceName } from './alert-words.ts'
import type { NamedTown } from './alert-words.ts'
import { timeInJapan } from './japan-clock.ts'
import type { Discovered, DiscoveryKind } from './discover.ts'

/** What is found, as a table of texts. */
export function discoveryTable(rows: readonly Discovered[], town: NamedTown) {
  const { title, columns } = words.discovery
  return { title, columns, rows: rows.map((row) => cells(row, town)) }
}

export function discoveryWords(kind: DiscoveryKind): {
  readonly short: string
  readonly cure: string
} {
  return words.discovery.kinds[kind]
}

function cells(row: Discovered, town: NamedTown): readonly string[] {
  const { short, cure } = discoveryWords(row.kind)
  return [
    short,
    // What to do comes before what a wide table hides at its far end.
    cure,
    row.target,
    row.port,
    row.service === '' ? words.discovery.unlisted : serviceName(row.service, town),
    row.sources.join('、'),
    row.people.map((id) => personName(id, town)).join('、'),
    ...[row.count, row.passed, row.denied, row.up, row.down].map(String),
    timeInJapan(row.first),
    timeInJapan(row.last),
  ]
}
