import { eraDate } from '@sekisho/core'
import type {
  Contract,
  ContractPaper,
  ContractTerm,
  IsoDate,
  Subcontractor,
  TownFacts,
} from '@sekisho/core'
import { loadGuideline, ruleApplies } from '@sekisho/guideline'
import words from '../../words/register.json' with { type: 'json' }
import type { Way } from '../entrusted.ts'
import { MAX_NAME_IN_WAY } from '../limits.ts'
import { sentence } from '../sentence.ts'
import { shown } from '../shown.ts'
import { factOf, isConsented, isRecorded, paperHolds, type OwnContract } from './contract-facts.ts'
import type { Blame, Subject } from './subject.ts'

/**
 * Where to look when a rule speaks about a contract: about the tree, at each party that is the reason, with the way down to it; about what is written, at a
 * paper that says it but does not hold on the day; about data and signature, at their dates.
 */
export function contractBlame(own: OwnContract, at: IsoDate, base: TownFacts): Subject['blame'] {
  const { contract, path, parties } = own
  const whole: Blame = path
  const unconsented = parties
    .filter(({ party }) => !isConsented(party, at))
    .map(({ party, path: place, way }) => ({
      path: place,
      label: wayText(contract, way, consentText(party, at)),
    }))
  const unrecorded = parties
    .filter(({ party }) => !isRecorded(party))
    .map(({ path: place, way, party }) => ({
      path: place,
      label: wayText(contract, way, short(party.name)),
    }))
  const papers = paperBlame(own, at, base)
  return {
    ...papers,
    'CT-04': [
      ...unconsented,
      ...(own.stated.has('reentrustClause') ? [] : (papers['CT-04'] ?? [whole])),
    ],
    'CT-04-TREE': unrecorded,
    'CT-DATA': `${path}.dataSupply`,
    'CT-SIGNED':
      contract.ends < at
        ? {
            path: `${path}.ends`,
            label: filled(words.over, contract.name, { date: contract.ends }),
          }
        : `${path}.signed`,
  }
}

const short = (name: string): string => shown(name, MAX_NAME_IN_WAY)

// The marks close and open the quotes that a finding puts around its label.
const STEP = '」→「'
const AND = '」と「'

function wayText({ name }: Contract, { head, between, tail }: Way<Subcontractor>, last: string) {
  const gap = between === 0 ? [] : [words.between.replace('{count}', String(between))]
  const above = [...head, ...tail.slice(0, -1)].map((party) => short(party.name))
  const order = [...above.slice(0, head.length), ...gap, ...above.slice(head.length)]
  return [short(name), ...order, last].join(STEP)
}

function consentText({ name, consent, starts }: Subcontractor, at: IsoDate): string {
  if (consent === undefined) return filled(words.none, name)
  const template = consent.date > at ? words.ahead : words.late
  return filled(template, name, { date: consent.date, starts })
}

const periodText = ({ name, date, until }: ContractPaper, at: IsoDate): string =>
  until !== undefined && until < at
    ? filled(words.over, name, { date: until })
    : filled(words.from, name, { date })

function filled(template: string, name: string, days: Readonly<Record<string, string>> = {}) {
  const said = Object.entries(days).map(([key, day]) => [key, eraDate(day) ?? day])
  return sentence(template, { ...Object.fromEntries(said), name: short(name) })
}

/** For each rule of which a paper would say what is missing, if it held: that paper. */
function paperBlame(
  { contract, papers, stated }: OwnContract,
  at: IsoDate,
  base: TownFacts,
): Readonly<Record<string, readonly Blame[]>> {
  const lapsed = papers.filter(({ paper }) => !paperHolds(paper, at))
  if (lapsed.length === 0) return {}
  const blames = new Map<string, readonly Blame[]>()
  for (const [rule, facts] of factsByRule(base)) {
    const missing = (term: ContractTerm): boolean => !stated.has(term) && facts.has(factOf(term))
    const places = lapsed.filter(({ paper }) => paper.states.some(missing))
    if (places.length > 0)
      blames.set(
        rule,
        places.map(({ paper, path }) => {
          return { path, label: `${short(contract.name)}${AND}${periodText(paper, at)}` }
        }),
      )
  }
  return Object.fromEntries(blames)
}

/** Which facts each rule about contracts asks for, as the guideline says it. */
function factsByRule(base: TownFacts): ReadonlyMap<string, ReadonlySet<string>> {
  const rules = loadGuideline().rules.filter(
    (rule) => rule.question === 'contract' && rule.kind === 'forbid' && ruleApplies(rule, base),
  )
  const grouped = Map.groupBy(rules, ({ id }) => id)
  return new Map(
    [...grouped].map(([id, parts]) => [
      id,
      new Set(parts.flatMap(({ needs }) => needs.map(({ fact }) => fact))),
    ]),
  )
}
