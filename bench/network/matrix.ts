/**
 * Real packets through a real kernel: between every two places of a town behind different plugs, all at once, compared pair by pair with the declaration and
 * with the model of the text.
 *
 * `node bench/network/matrix.ts FLOWS ROUNDS tcp|both`: a line of JSON for each round. Needs nft and ip, and root or a user namespace.
 */
import { fileURLToPath } from 'node:url'
import {
  declare,
  judge,
  openLab,
  placesOf,
  prepareProbe,
  probed,
  RULES_ALONE,
  writeNftables,
} from '@sekisho/network'
import { townOf } from './towns.ts'

const [flows, rounds] = process.argv.slice(2, 4).map(Number)
const protocols = process.argv[4] === 'tcp' ? ['tcp'] : ['tcp', 'udp']
if (flows === undefined || rounds === undefined) throw new Error('matrix.ts FLOWS ROUNDS tcp|both')
const prober = [
  process.execPath,
  fileURLToPath(new URL('../../apps/cli/src/probe/prober.ts', import.meta.url)),
]
const town = townOf(flows)
const declared = declare(town, { at: '2026-11-25' })
const places = placesOf(town, declared, { alike: 1 })

const opening = performance.now()
const opened = await openLab(declared, places, { prober, settings: RULES_ALONE })
if ('reason' in opened) throw new Error(`${opened.reason} ${opened.says}`)
const openMs = performance.now() - opening
const preparing = performance.now()
const prepared = await prepareProbe(opened, declared, places)
const prepareMs = performance.now() - preparing
// The asking alone is timed within the whole, from the first question to the last look at the kernels' memories.
let clockMs = 0
const lab = {
  ...opened,
  ask: async (questions: Parameters<typeof opened.ask>[0]) => {
    const began = performance.now()
    const seen = await opened.ask(questions)
    clockMs = performance.now() - began
    return seen
  },
}
const matrix = prepared.questions.filter(
  ({ reason, protocol }) =>
    reason !== 'spoofed' && reason !== 'wrong-mac' && protocols.includes(protocol),
)
try {
  for (let round = 1; round <= rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after another is what is measured
    const result = await probed(
      lab,
      { ...prepared, questions: matrix },
      writeNftables(declared),
      Math.floor(Date.now() / 1_000),
    )
    if (!result.ok) throw new Error(result.says)
    const { outcomes, uncounted } = result.probe
    const of = (sighting: string): number =>
      outcomes.filter((one) => one.sighting === sighting).length
    const line = {
      round,
      flows,
      places: places.length,
      asked: matrix.length,
      connects: matrix.filter(({ protocol }) => protocol === 'tcp').length,
      answered: of('answered'),
      stopped: of('stopped'),
      wrong: outcomes.filter((one) => judge(one) !== undefined).length,
      uncounted: uncounted.length,
      openMs: Math.round(openMs),
      controlsMs: Math.round(prepareMs),
      clockMs: Math.round(clockMs),
    }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }
} finally {
  await opened.close()
}
