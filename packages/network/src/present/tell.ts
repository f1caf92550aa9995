/** What was read of a present firewall, for people and for programs. */
import words from '../../words/ja.json' with { type: 'json' }
import type { Condition, Filter, Rule, Unread } from '../filter/filter.ts'
import { filled } from '../prove/findings.ts'
import { unreadReason } from '../prove/unread.ts'
import { FIELDS } from '../space/field.ts'
import type { Field } from '../space/field.ts'
import type { Against, PresentFinding } from './against.ts'
import type { Permitted, PermittedList } from './permitted.ts'
import { limitsOf } from './spans.ts'
import type { Limits } from './spans.ts'

export interface Present {
  readonly filter: Filter
  readonly permitted: PermittedList
  readonly against?: Against
}

const { tell } = words.present

/** For the screen. Texts of the firewall stand in it as they are; who prints them makes controls visible. */
export function presentText({ filter, permitted, against }: Present): string {
  return [
    ...(against
      ? [
          ...section(
            tell.extra,
            against.extra.map((one) => findingText(one, tell.permits)),
          ),
          ...section(
            tell.missing,
            against.missing.map((one) => findingText(one, tell.holds)),
          ),
          ...(against.unsure.length === 0
            ? []
            : section(
                tell.unsure,
                against.unsure.map((one) => findingText(one, tell.decides)),
              )),
          ...(against.complete ? [] : [tell.more]),
        ]
      : []),
    ...permittedLines(permitted),
    ...unreadLines(filter.unread),
    ...(against ? [countsText(against), ''] : []),
  ].join('\n')
}

/**
 * What was not read, and below it once what to do about each kind of it; nothing when all was. Lines that write addresses anew stand apart: they are understood
 * as far as what passes goes, for addresses here are those under which a packet is forwarded.
 */
export function unreadLines(unread: readonly Unread[]): readonly string[] {
  const translated = unread.filter(({ text }) => unreadReason(text) === 'NET-TRANSLATED')
  const others = unread.filter((one) => !translated.includes(one))
  return [
    ...unreadSection(tell.translated, translated, tell.translatedNote),
    ...unreadSection(tell.unread, others, tell.unreadCure),
  ]
}

function unreadSection(title: string, unread: readonly Unread[], note: string): readonly string[] {
  if (unread.length === 0) return []
  const reasons = new Set(unread.map(({ text }) => unreadReason(text)))
  return [
    ...section(
      title,
      unread.map(({ place, text }) => `  ${place}　${text}`),
    ),
    note,
    ...[...reasons].map((reason) => `  ${tell.cure}　${words.unread[reason].cure}（${reason}）`),
    '',
  ]
}

/** Lines of what passes for the screen; a thousand are read by nobody. */
const MOST_LINES = 200

function permittedLines({ permitted, complete }: PermittedList): readonly string[] {
  const rest = permitted.length - MOST_LINES
  const title = { title: tell.permitted, count: String(permitted.length) }
  return [
    filled(complete ? tell.title : tell.titleMore, title),
    ...(permitted.length === 0
      ? [`  ${tell.none}`]
      : permitted.slice(0, MOST_LINES).map(permittedLine)),
    ...(rest > 0 ? [`  ${filled(words.logs.rest, { rest: String(rest) })}`] : []),
    '',
  ]
}

const countsText = ({ extra, missing, unsure }: Against): string =>
  filled(tell.counts, {
    extra: String(extra.length),
    missing: String(missing.length),
    unsure: String(unsure.length),
  })

const section = (title: string, lines: readonly string[]): readonly string[] => [
  filled(tell.title, { title, count: String(lines.length) }),
  ...(lines.length === 0 ? [`  ${tell.none}`] : lines),
  '',
]

function permittedLine({ limits, sure, rule, place }: Permitted): string {
  const what = limitsText(limits)
  const by = placeText(place, rule)
  return `  ${what === '' ? words.present.everything : what}${sure ? '' : words.present.unsure}　［${by}］`
}

function placeText(place: string, rule: Rule | undefined): string {
  if (place === '') return tell.nothing
  if (!rule) return `${place} ${tell.policy}`
  return rule.line === undefined ? place : filled(tell.line, { place, line: String(rule.line) })
}

/** 「入口 lan」「出口 wan」「宛先のポート 443」, on one line. */
export function limitsText(limits: Permitted['limits']): string {
  const icmp = limits.protocol?.values.every((one) => one.startsWith('ICMP')) === true
  const parts = FIELDS.flatMap((field) => {
    const limit = limits[field]
    return limit ? [limitText(field, limit, icmp)] : []
  })
  return parts.join('　')
}

/** Values of one field that are written out; a set of a thousand addresses is not read anyway. */
const MOST_VALUES = 8

function limitText(field: Field, { except, values }: Limits, icmp: boolean): string {
  const name =
    icmp && (field === 'sourcePort' || field === 'targetPort')
      ? words.present.icmp[field]
      : words.present.fields[field]
  const text = exceptText({ except, values: values.map((value) => nameOf(field, value)) })
  return name === '' ? text : `${name} ${text}`
}

/** 「10.0.0.0/8・lan ほか3」, or all but those. */
export function exceptText({ except, values }: Limits): string {
  const more = values.length - MOST_VALUES
  const list = [
    ...values.slice(0, MOST_VALUES),
    ...(more > 0 ? [filled(tell.moreValues, { count: String(more) })] : []),
  ].join('・')
  return except ? filled(words.present.except, { values: list }) : list
}

const STATE_WORDS: Readonly<Record<string, string>> = tell.states
const nameOf = (field: Field, value: string): string =>
  field === 'state' || field === 'direction' ? (STATE_WORDS[value] ?? value) : value

function findingText(one: PresentFinding, by: string): string {
  const { finding, rule, place, also, entry } = one
  const at = placeText(place, rule)
  return [
    `× ${finding.message}`,
    `    ${by}　${at}`,
    ...(rule?.text === undefined ? [] : [`    　　　　　${rule.text}`]),
    ...also.flatMap(alsoLines),
    `    ${tell.all}　${limitsText(one.limits) || words.present.everything}`,
    `    ${tell.clause}　${finding.clause}（${finding.edition}版${finding.verified ? '' : '・未照合'}）`,
    `    ${tell.cure}　${finding.cure.sentence}（${finding.rule}）`,
    ...(entry === undefined ? [] : entry.split('\n').map((line) => `        ${line}`)),
    '',
  ].join('\n')
}

const alsoLines = ({ place, rule }: PresentFinding['also'][number]): readonly string[] => [
  `    ${tell.also}　${placeText(place, rule)}`,
  ...(rule?.text === undefined ? [] : [`    　　　　　${rule.text}`]),
]

/** Stable keys; addresses and names as text. */
export function presentJson({
  filter,
  permitted,
  against,
}: Present): Readonly<Record<string, unknown>> {
  return {
    complete: filter.unread.length === 0,
    unread: filter.unread,
    hooks: filter.hooks,
    chains: Object.fromEntries(
      [...filter.chains].map(([name, rules]) => [name, rules.map(ruleJson)]),
    ),
    permitted: permitted.permitted.map(({ limits, sure, packet, place, rule }) => ({
      limits,
      sure,
      packet: packetJson(packet),
      place,
      ...lineJson(rule),
    })),
    permittedComplete: permitted.complete,
    ...(against && {
      extra: against.extra.map(findingJson),
      missing: against.missing.map(findingJson),
      unsure: against.unsure.map(findingJson),
      comparisonComplete: against.complete,
    }),
  }
}

const lineJson = (rule: Rule | undefined) => ({
  ...(rule?.line !== undefined && { line: rule.line }),
  ...(rule?.text !== undefined && { text: rule.text }),
})

const ruleJson = ({ place, conditions, action, comment, line, text }: Rule) => ({
  place,
  conditions: conditions.map(conditionJson),
  action,
  ...(comment !== undefined && { comment }),
  ...(line !== undefined && { line }),
  ...(text !== undefined && { text }),
})

function conditionJson(condition: Condition): unknown {
  if (condition.kind === 'unknown') return condition
  const { fields, boxes, negated } = condition
  return {
    kind: 'in',
    negated,
    boxes: boxes.map((box) =>
      Object.fromEntries(
        box.flatMap((spans, at) => {
          const limits = limitsOf(fields[at]!, spans)
          return limits ? [[fields[at]!, limits]] : []
        }),
      ),
    ),
  }
}

const findingJson = ({
  finding,
  packet,
  limits,
  place,
  rule,
  also,
  entry,
  others,
}: PresentFinding) => ({
  ...finding,
  packet: packetJson(packet),
  limits,
  place,
  others,
  ...lineJson(rule),
  ...(also.length > 0 && {
    also: also.map((one) => ({ place: one.place, ...lineJson(one.rule) })),
  }),
  ...(entry !== undefined && { entry }),
})

const packetJson = (packet: Permitted['packet']) =>
  Object.fromEntries(
    FIELDS.map((field) => {
      const from = packet[field]
      const until = typeof from === 'bigint' ? from + 1n : `${from}\0`
      const value = limitsOf(field, [{ from, until }])?.values[0]
      return [field, value ?? String(from)]
    }),
  )
