/**
 * What is said beside an answer on which an open point acts.
 */
import type { Finding, OpenRemark } from '@sekisho/core'
import data from '../open-points.json' with { type: 'json' }
import { readingOf } from './open-point.ts'
import type { OpenPoint, ReadBy } from './open-point.ts'

const { words } = data

/** 「解釈が分かれています（O5）。…」: that the readings differ, the one in force, and the others. */
export function openRemark(point: OpenPoint, by: ReadBy): OpenRemark {
  const chosen = readingOf(point, by)
  const others = point.readings.filter((one) => one !== chosen)
  return {
    point: point.id,
    sentence: filled(words.remark, {
      id: point.id,
      chosen: chosen.short,
      by: chosen.id === point.default ? words.byDefault : words.byTown,
      others: others.map(({ short }) => filled(words.other, { short })).join(''),
    }),
  }
}

/**
 * What passes only because a town chose a lenient reading is said like a finding that stops nothing. Never verified: the ministry has not said
 * which reading is right.
 */
export function openNote(point: OpenPoint, by: ReadBy): Finding {
  const { source, text } = readingOf(point, by)
  return {
    rule: point.id,
    clause: source,
    edition: by.edition,
    verified: false,
    severity: 'advisory',
    effect: 'note',
    message: `${words.lenient}${text}`,
    cure: { sentence: words.keep, who: 'ciso' },
    open: [openRemark(point, by)],
  }
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
}
