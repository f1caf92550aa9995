import type { Flow, Town } from '@sekisho/core'
import { explainRule } from '@sekisho/guideline'
import type { Judge } from '@sekisho/judge'
import { endName, leftOutFindings, REACH_WORDS, whatOf } from '@sekisho/network'
import type { Declared, Drawing, ReachTable } from '@sekisho/network'
import { checkTown, shown } from '@sekisho/town'
import type { Checked, TownReading } from '@sekisho/town'
import type { FlowRow, GateRow } from '../api.ts'
import { usesByFlow, useText } from './last-use.ts'
import type { LastUse } from './last-use.ts'

/** Every flow of a town with all that is known of it on a day. */
export function flowRows(
  { read, judge }: { readonly read: TownReading; readonly judge: Judge },
  declared: Declared,
  used: LastUse,
): readonly FlowRow[] {
  const { town } = read
  const { answers } = checkTown(read, { judge, at: declared.at })
  const asked = new Map(answers.map((one) => [one.path, one]))
  const shut = new Map(
    leftOutFindings(town, declared.leftOut).map((finding) => [finding.path, finding]),
  )
  const departments = new Map(town.departments.map(({ id, name }) => [id, shown(name)]))
  const useOf = usesByFlow(used)
  return town.flows.map((flow, index): FlowRow => {
    const path = `flows[${index}]`
    const held = shut.get(path)
    return {
      id: flow.id,
      number: index + 1,
      name: shown(flow.name),
      from: endName(town, flow.from),
      to: endName(town, flow.to),
      what: whatOf(flow),
      purpose: shown(flow.purpose ?? ''),
      owner: departments.get(flow.owner ?? '') ?? '',
      ...(flow.expires !== undefined && { expires: flow.expires }),
      expired: flow.expires !== undefined && flow.expires < declared.at,
      ...(flow.fixed && { fixed: fixedOf(flow.fixed) }),
      ...(held && { shut: { message: held.message, cure: held.cure.sentence } }),
      rules: rulesOf(asked.get(path)),
      ...useOf(flow),
    }
  })
}

const fixedOf = ({ number, approvedBy, date }: NonNullable<Flow['fixed']>) => ({
  number: shown(number),
  approvedBy: shown(approvedBy),
  date,
})

/** The rules that decided about a flow: what forbids it, or else what permits it. */
function rulesOf(asked: Checked | undefined): FlowRow['rules'] {
  if (!asked) return []
  const { question, answer } = asked
  return answer.determining.flatMap((id) => {
    const found = answer.findings.find(({ rule }) => rule === id)
    if (found) {
      const { rule, clause, verified, message, cure } = found
      return [{ rule, clause, verified, message, cure: cure.sentence }]
    }
    const known = explainRule(id)?.parts.find(({ rule }) => rule?.question === question.question)
    return known?.rule
      ? [{ rule: id, clause: known.rule.clause, verified: known.rule.verified }]
      : []
  })
}

/** The gates that are drawn. */
export function gateRows(town: Town, { gates }: Drawing, used: LastUse): readonly GateRow[] {
  const zones = new Map(town.zones.map(({ id, name }) => [id, shown(name)]))
  return gates.flatMap(({ kind, id, name }) => {
    const gate = town.gates[kind].find((one) => one.id === id)
    if (!gate) return []
    const mine = kind === 'file' && id === used.gate && used.at !== undefined
    return {
      kind,
      id,
      name,
      from: zones.get(gate.from) ?? gate.from,
      to: zones.get(gate.to) ?? gate.to,
      ...(mine && { lastUse: used.at }),
    }
  })
}

/** The flows as a table for a spreadsheet. */
export function flowsTable(flows: readonly FlowRow[]): ReachTable {
  const words = REACH_WORDS.flows
  return {
    columns: Object.values(words.columns),
    rows: flows.map((flow) =>
      (Object.keys(words.columns) as (keyof typeof words.columns)[]).map(
        (column) => cellsOf(flow)[column],
      ),
    ),
  }
}

function cellsOf(flow: FlowRow): Readonly<Record<keyof typeof REACH_WORDS.flows.columns, string>> {
  const words = REACH_WORDS.flows
  return {
    number: String(flow.number),
    name: flow.name,
    from: flow.from,
    to: flow.to,
    what: flow.what,
    purpose: flow.purpose,
    owner: flow.owner,
    clause: flow.rules.map(({ rule, clause }) => `${rule} ${clause}`).join('、'),
    lastUse: useText(flow, (at) => at),
    expires: flow.expires ?? REACH_WORDS.noExpiry,
    state: flow.shut ? `${words.shut}（${flow.shut.message}）` : words.open,
  }
}
