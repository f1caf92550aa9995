/** A service matrix for people and for programs. */
import words from '../../words/matrix.json' with { type: 'json' }
import { limitsOf } from '../present/spans.ts'
import type { Limits } from '../present/spans.ts'
import { exceptText } from '../present/tell.ts'
import { filled } from '../prove/findings.ts'
import { addressKey, wholeOf } from '../space/field.ts'
import type { Matrix, MatrixPlace, Opens } from './matrix.ts'

export const MATRIX_WORDS = words

/** For the screen. Names of the firewall stand in it as they are; who prints them makes controls visible. */
export function matrixText(matrix: Matrix): string {
  const { classes, family, service } = matrix
  return [
    filled(words.title, { service: service.name, family: String(family) }),
    `  ${words.classes}`,
    ...classes.flatMap(({ id, places }) =>
      places.map(
        (place, at) => `    ${at === 0 ? id : ' '.repeat(id.length)}  ${placeText(place, family)}`,
      ),
    ),
    ...waysText(matrix, 'always'),
    ...waysText(matrix, 'maybe'),
    `  ${words.rest}`,
    '',
  ].join('\n')
}

function waysText({ classes, opens }: Matrix, wanted: Exclude<Opens, 'never'>): readonly string[] {
  const lines = classes.flatMap(({ id }, from) => {
    const to = classes.filter((_, at) => opens[from]![at] === wanted).map((one) => one.id)
    return to.length === 0 ? [] : [`    ${filled(words.way, { from: id, to: to.join(' ') })}`]
  })
  if (lines.length === 0 && wanted === 'maybe') return []
  return [`  ${words[wanted]}`, ...(lines.length === 0 ? [`    ${words.none}`] : lines)]
}

const placeText = (place: MatrixPlace, family: 4 | 6): string =>
  `${plugsText(place)}　${addressesText(place, family)}`

function plugsText({ plugs }: MatrixPlace): string {
  const limits = limitsOf('in', plugs)
  return limits ? filled(words.plugs, { plugs: exceptText(limits) }) : words.anyPlug
}

function addressesText(place: MatrixPlace, family: 4 | 6): string {
  const limits = addressLimits(place, family)
  return limits ? exceptText(limits) : words.anyAddress
}

const addressLimits = ({ addresses }: MatrixPlace, family: 4 | 6): Limits | undefined =>
  limitsOf('source', addresses, {
    from: addressKey(family, 0n),
    until: family === 4 ? addressKey(6, 0n) : wholeOf('source').until!,
  })

/** One row for each pair of classes, also for those between which nothing is opened. */
export function matrixRows(matrix: Matrix): readonly (readonly string[])[] {
  const { classes, family, service, opens } = matrix
  const ends = classes.map(({ id, places }) => [
    id,
    places.map((place) => plugsText(place)).join('／'),
    places.map((place) => addressesText(place, family)).join('／'),
  ])
  return ends.flatMap((from, row) =>
    ends.map((to, column) => [
      `IPv${family}`,
      service.name,
      ...from,
      ...to,
      words.opens[opens[row]![column]!],
    ]),
  )
}

/** Stable keys; addresses and names as text, `null` where any will do. */
export const matrixJson = ({ family, service, classes, opens }: Matrix) => ({
  family,
  service: service.name,
  classes: classes.map(({ id, places }) => ({
    id,
    places: places.map((place) => ({
      plugs: limitsOf('in', place.plugs) ?? null,
      addresses: addressLimits(place, family) ?? null,
    })),
  })),
  opens: Object.fromEntries(
    classes.map(({ id }, from) => [
      id,
      Object.fromEntries(classes.map((to, at) => [to.id, opens[from]![at]!])),
    ]),
  ),
})
