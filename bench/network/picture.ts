/** How a proof grows, as a picture: milliseconds of processor time over flows, both axes logarithmic, so that a line of slope one is linear cost. */
export interface Point {
  readonly flows: number
  readonly how: 'ours' | 'rules' | 'z3'
  readonly milliseconds: number
}

const LINES = {
  ours: { name: 'sets, as written', colour: '#0017c1' },
  rules: { name: 'a rule each', colour: '#197a4b' },
  z3: { name: 'z3', colour: '#c74700' },
} as const

const x = (flows: number): number => 70 + ((Math.log10(flows) - 2) / (Math.log10(5_000) - 2)) * 480
const y = (milliseconds: number): number => 340 - ((Math.log10(milliseconds) - 1) / 3.4) * 300

export function drawn(points: readonly Point[]): string {
  const columns = [100, 300, 1_000, 2_000, 5_000].map(
    (flows) =>
      `<path d="M${x(flows).toFixed(1)} 40V340" stroke="#ccc"/><text x="${(x(flows) - 12).toFixed(1)}" y="358">${flows}</text>`,
  )
  const rows = [10, 100, 1_000, 10_000].map(
    (ms) =>
      `<path d="M70 ${y(ms).toFixed(1)}H550" stroke="#ccc"/><text x="24" y="${(y(ms) + 4).toFixed(1)}">${ms}</text>`,
  )
  const lines = (Object.keys(LINES) as (keyof typeof LINES)[]).map((how) =>
    lineOf(points.filter((point) => point.how === how)),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="384" font-family="sans-serif" font-size="12"><rect width="720" height="384" fill="white"/>${columns.join('')}${rows.join('')}<text x="270" y="378">declared flows</text><text x="10" y="24">milliseconds of processor time for one proof</text>${lines.join('')}</svg>\n`
}

function lineOf(points: readonly Point[]): string {
  const last = points.at(-1)
  if (!last) return ''
  const { name, colour } = LINES[last.how]
  const path = points
    .map(
      ({ flows, milliseconds }, at) =>
        `${at === 0 ? 'M' : 'L'}${x(flows).toFixed(1)} ${y(milliseconds).toFixed(1)}`,
    )
    .join(' ')
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/><text x="${(x(last.flows) + 8).toFixed(1)}" y="${(y(last.milliseconds) + 4).toFixed(1)}" fill="${colour}">${name}</text>`
}
