import { CONFIDENTIALITY_LEVELS, type Finding } from '@sekisho/core'
import words from '../../words/spread.json' with { type: 'json' }
import { MAX_LABEL } from '../limits.ts'
import type { Position } from '../problem.ts'
import { sentence } from '../sentence.ts'
import { shown } from '../shown.ts'
import { LIFTED_BY_FIXED_FLOW } from './objections.ts'
import { assetsText, type SpreadChain, type SpreadStep } from './chain.ts'

/**
 * The chains of a spread as findings of a check: one for each rule and first step that the town can change, about
 * the gravest chain that begins to go astray there. What a rule already said about the very same step is left out.
 *
 * @param known findings of the check so far.
 * @param isDirect whether a flow joins the My Number zone and an Internet zone by itself.
 */
export function spreadFindings(
  chains: readonly SpreadChain[],
  known: readonly Finding[],
  lines: (path: string) => Position,
  isDirect: (path: string) => boolean,
): readonly Finding[] {
  const told = new Set(known.map((finding) => toldBy(finding, isDirect)))
  // A chain without steps is a placement, and §3.4 has been asked about every placement.
  const news = chains.filter((chain) => chain.steps.length > 0 && !isTold(chain, told))
  const groups = Map.groupBy(news, (chain) => `${chain.rule} ${blamed(changeable(chain))}`)
  return [...groups.values()].map((group) => findingOf(group.toSorted(byGravity), lines))
}

// Of a route of one flow, that flow has to go, and every chain through it goes too; of a longer one, any.
const DIRECT = 'ZN-01/direct'
const toldBy = ({ rule, path = '' }: Finding, isDirect: (path: string) => boolean): string =>
  `${rule === 'ZN-01' && isDirect(path) ? DIRECT : rule} ${path}`

// What these rules ask for takes the step away, or cures what comes over it: the chain goes with it.
const END_A_STEP = [DIRECT, 'ZN-01 boundary', 'ZN-02 boundary', 'ZN-03', 'ZN-06 boundary', 'ZN-10']
const CURE_A_STEP = ['ZN-07', 'ZN-08', 'ZN-09']

function isTold(chain: SpreadChain, told: ReadonlySet<string>): boolean {
  const says = (rule: string, step: SpreadStep): boolean => {
    const [id, kind] = rule.split(' ')
    const paths = [step.path, ...step.gates]
    return (
      (kind === undefined || kind === step.kind) && paths.some((path) => told.has(`${id} ${path}`))
    )
  }
  const rules = chain.rule === 'CH-IN' ? [...END_A_STEP, ...CURE_A_STEP] : END_A_STEP
  if (chain.steps.some((step) => rules.some((rule) => says(rule, step)))) return true
  // ZN-01 knows chains of flows, and names them; a way through a gate is news.
  const onlyFlows = chain.steps.every((step) => step.kind === 'flow')
  if (onlyFlows && chain.steps.some((step) => says('ZN-01', step))) return true
  // ZN-02 asks for the registration that would lift this very objection, and no other.
  const lifted = chain.rules.every((rule) => rule === LIFTED_BY_FIXED_FLOW)
  return lifted && says('ZN-02', chain.steps.at(-1)!)
}

/** A 特定通信 that the judge lets through is not what goes astray, as long as there is another step. */
const changeable = (chain: SpreadChain): SpreadStep =>
  chain.steps.find((step) => !step.fixed) ?? chain.steps[0]!

/** The connection of a gate is mended at the gate. */
const blamed = (step: SpreadStep): string => step.gates[0] ?? step.path

/** Refused before held, higher class before lower, shorter before longer. */
const byGravity = (a: SpreadChain, b: SpreadChain): number =>
  Number(a.result === 'hold') - Number(b.result === 'hold') ||
  levelOf(b) - levelOf(a) ||
  a.steps.length - b.steps.length ||
  changeable(a).gates.length - changeable(b).gates.length ||
  (a.id < b.id ? -1 : 1)

const levelOf = ({ label }: SpreadChain): number =>
  label.kind === 'class' ? CONFIDENTIALITY_LEVELS.indexOf(label.level) : 0

function findingOf(
  [chain, ...others]: readonly SpreadChain[],
  lines: (path: string) => Position,
): Finding {
  const { rule, result, findings, assets, sentences } = chain!
  const step = changeable(chain!)
  const more = others.length === 0 ? '' : sentence(words.more, { count: String(others.length) })
  return Object.freeze({
    ...(findings[0] ?? UNKNOWN),
    rule,
    effect: result,
    message: `「${shown(step.name, MAX_LABEL)}」：${assetsText(assets)}${words.finding[rule === 'CH-IN' ? 'in' : result]}${sentences.join('')}${more}`,
    cure: { sentence: words.cure[rule], who: 'it-officer' as const },
    path: blamed(step),
    ...lines(blamed(step)),
  })
}

// A judge that says no without a finding has failed, and is believed all the same.
const UNKNOWN = {
  clause: '関所の決まり（ガイドラインの条項ではありません）',
  edition: 'R8.3',
  verified: false,
  severity: 'required',
} as const
