import { CHANGE_WORDS, controlName, EFFECT_WORDS, STATE_WORDS } from '@sekisho/assess'
import type { BurdenDelta, ControlRow, CostDriver, Delta, MovedFlow } from '@sekisho/assess'
import { rounded, signed } from '../amount.ts'
import { tableSheet } from '../excel/table.ts'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { visible } from '../visible.ts'

const words = BOOK.assessment.moves
type Row = Omit<Readonly<Record<keyof typeof words.columns, string>>, 'to'>

/** What comes, goes, breaks and costs work when the town moves to another model. */
export function movesSheet(deltas: readonly Delta[]): Sheet {
  return tableSheet(
    words,
    {
      to: [8, 8],
      kind: [16, 16],
      id: [10, 12],
      content: [30, 48],
      effect: [12, 14],
      amount: [16, 26],
      basis: [36, 56],
    },
    deltas.flatMap((delta) => rowsOf(delta).map((row) => ({ to: delta.to, ...row }))),
  )
}

const rowsOf = ({ gained, lost, flows, drivers, burdens }: Delta): readonly Row[] => [
  ...gained.map((row) => controlRow('gained', row)),
  ...lost.map((row) => controlRow('lost', row)),
  ...flows.filter(({ effect }) => effect !== 'keep').map(flowRow),
  ...drivers.filter(({ change }) => change !== 'kept').map(driverRow),
  ...burdens
    .filter(({ minutesPerYear, clicksPerYear }) => minutesPerYear !== 0 || clicksPerYear !== 0)
    .map(burdenRow),
]

const controlRow = (
  kind: 'gained' | 'lost',
  { control, verified, name, state, why }: ControlRow,
): Row => ({
  kind: words.kinds[kind],
  id: marked(control, verified),
  content: name,
  effect: STATE_WORDS[state],
  amount: '',
  basis: why,
})

const flowRow = ({ name, peer, effect, why }: MovedFlow): Row => ({
  kind: words.kinds.flow,
  id: '',
  content: visible(peer === undefined ? name : filled(words.peer, { name, peer: peer.name })),
  effect: EFFECT_WORDS[effect],
  amount: '',
  basis: why,
})

const driverRow = ({ name, unit, quantity, drives, change }: CostDriver): Row => ({
  kind: words.kinds.driver,
  id: '',
  content: name,
  effect: CHANGE_WORDS[change],
  amount: `${rounded(quantity.value)}${unit}`,
  basis: [drives, quantity.basis].join('\n'),
})

/** All burdens are our estimates. */
const burdenRow = ({
  control,
  before,
  after,
  minutesPerYear,
  clicksPerYear,
}: BurdenDelta): Row => ({
  kind: words.kinds.burden,
  id: marked(control, false),
  content: controlName(control),
  effect: '',
  amount: filled(words.minutes, { minutes: signed(minutesPerYear), clicks: signed(clicksPerYear) }),
  basis: (after ?? before)?.basis ?? '',
})
