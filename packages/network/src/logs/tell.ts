import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import { protocolText } from '../present/spans.ts'
import { filled } from '../prove/findings.ts'
import type { Destination, Destinations } from './destinations.ts'

const { logs } = words

/** Destinations for the screen; more are in the JSON. */
const MOST_LINES = 200

/** Where connections went: what is not declared first. Names are written out safely. */
export function destinationsText({ destinations, lines, unread, beyond }: Destinations): string {
  const compared = destinations.some(({ standing }) => standing !== undefined)
  const of = (standing: Destination['standing']): readonly Destination[] =>
    destinations.filter((one) => one.standing === standing)
  const parts = compared
    ? [
        ...part(logs.undeclared, of('undeclared')),
        ...(of('undeclared').length === 0 ? [] : [logs.cure, '']),
        ...part(logs.unknown, of('unknown')),
        ...(of('unknown').length === 0 ? [] : [logs.unknownCure, '']),
        ...part(logs.declared, of('declared')),
      ]
    : part(logs.all, destinations)
  const more = beyond === 0 ? '' : filled(logs.beyond, { beyond: String(beyond) })
  const counts = filled(logs.counts, { lines: String(lines), unread: String(unread) })
  return [...parts, `${counts}${more}`, ''].join('\n')
}

function part(title: string, of: readonly Destination[]): readonly string[] {
  const head = filled(words.present.tell.title, { title, count: String(of.length) })
  const rest = of.length - MOST_LINES
  return [
    head,
    ...(of.length === 0 ? [`  ${words.present.tell.none}`] : of.slice(0, MOST_LINES).map(lineOf)),
    ...(rest > 0 ? [`  ${filled(logs.rest, { rest: String(rest) })}`] : []),
    '',
  ]
}

function lineOf(one: Destination): string {
  const { name, address, protocol, port, count, passed, denied, sources, first, last, flow } = one
  const where = name === undefined ? (address ?? '') : shown(name, 80)
  const values = {
    where: name === undefined || address === undefined ? where : `${where}（${address}）`,
    what:
      port === undefined
        ? protocolText(BigInt(protocol))
        : filled(logs.port, { protocol: protocolText(BigInt(protocol)), port: String(port) }),
    count: String(count),
    passed: String(passed),
    denied: String(denied),
    sources: String(sources),
    first: dayText(first),
    last: dayText(last),
  }
  return `  ${filled(logs.line, values)}${flow === undefined ? '' : filled(logs.flow, { flow })}`
}

const JAPAN = 9 * 3_600
/** Seconds that a calendar of four digits of year can hold. */
const LAST = 253_402_300_799 - JAPAN

/** `2026-11-25 12:00` in Japan. */
function dayText(at: number | undefined): string {
  if (at === undefined || at < 0 || at > LAST) return logs.never
  return new Date((at + JAPAN) * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
