/**
 * How cost grows with size, from 1 to 100 MB of packed xlsx and docx: seconds, megabytes a second and peak memory of rebuilding and of verifying, each
 * in a fresh process.
 *
 *   node bench/disarm/curve.ts OUT.svg [sizes…]
 *
 * Prints one JSON line per size and kind, and draws the curve.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [picture = 'curve.svg', ...wanted] = process.argv.slice(2)
const sizes = wanted.length === 0 ? [1, 3, 10, 30, 100] : wanted.map(Number)
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sekisho-curve-'))

interface Point {
  readonly kind: string
  readonly bytes: number
  readonly rebuild: number
  readonly verify: number
  readonly peakMebibytes: number
}

const points: Point[] = []
for (const kind of ['docx', 'xlsx']) {
  for (const size of sizes) {
    const file = join(scratch, `${size}.${kind}`)
    spawnSync(process.execPath, [here('make-large.ts'), kind, String(size), file])
    const run = spawnSync(process.execPath, ['--no-warnings', here('one.ts'), file], {
      encoding: 'utf8',
    })
    const measured = JSON.parse(run.stdout) as Omit<Point, 'kind' | 'bytes'>
    const point = { kind, bytes: statSync(file).size, ...measured }
    points.push(point)
    console.log(JSON.stringify(point))
    rmSync(file)
  }
}
rmSync(scratch, { recursive: true, force: true })
writeFileSync(picture, draw(points))
if (readFileSync(picture).length === 0) throw new Error('nothing drawn')

/** Seconds over megabytes, both axes logarithmic: a straight line of slope one is linear cost. */
function draw(all: readonly Point[]): string {
  const x = (bytes: number): number => 70 + (Math.log10(bytes / 1e6) / 2.2) * 520
  const y = (seconds: number): number => 340 - ((Math.log10(Math.max(seconds, 0.01)) + 2) / 4) * 300
  const line = (
    kind: string,
    figure: 'rebuild' | 'verify',
    colour: string,
    /** Pixels that the words stand lower than their line, so that they do not cover each other. */
    lower: number,
  ): string => {
    const own = all.filter((point) => point.kind === kind)
    const path = own
      .map(
        (point, i) =>
          `${i === 0 ? 'M' : 'L'}${x(point.bytes).toFixed(1)} ${y(point[figure]).toFixed(1)}`,
      )
      .join(' ')
    const last = own.at(-1)!
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/><text x="${x(last.bytes) + 6}" y="${y(last[figure]) + lower}" fill="${colour}">${kind} ${figure}</text>`
  }
  const grid = [1, 3, 10, 30, 100].map(
    (mb) =>
      `<path d="M${x(mb * 1e6)} 40V340" stroke="#ccc"/><text x="${x(mb * 1e6) - 8}" y="358">${mb}</text>`,
  )
  const rows = [0.01, 0.1, 1, 10, 100].map(
    (s) => `<path d="M70 ${y(s)}H590" stroke="#ccc"/><text x="30" y="${y(s) + 4}">${s}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="380" font-family="sans-serif" font-size="12"><rect width="720" height="380" fill="white"/>${grid.join('')}${rows.join('')}<text x="290" y="376">packed megabytes</text><text x="10" y="30">seconds of processor time</text>${line('docx', 'rebuild', '#0017c1', 8)}${line('docx', 'verify', '#6a7be0', 8)}${line('xlsx', 'rebuild', '#197a4b', -4)}${line('xlsx', 'verify', '#62b48b', 12)}</svg>\n`
}
