import type { CloudTotal } from '@sekisho/server/api'
import { sizeText } from '../ui/size.ts'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'

/** Bars drawn; the table below has all. */
const MOST = 31
const ROW = 24
const LABEL = 200
const WIDTH = 900
const AMOUNT = 170

/** How much went up (dark) and came down (hatched), one bar for each row. The table beside it says the same in numbers. */
export function CloudBars(props: { readonly title: string; readonly rows: readonly CloudTotal[] }) {
  const rows = props.rows.slice(0, MOST)
  const most = Math.max(1, ...rows.map(({ up, down }) => up + down))
  const room = WIDTH - LABEL - AMOUNT
  return (
    <figure aria-label={props.title} className="my-3 max-w-5xl">
      <svg
        viewBox={`0 0 ${WIDTH} ${rows.length * ROW + 4}`}
        className="name block w-full text-black"
        fontSize={14}
        aria-hidden="true"
      >
        <defs>
          <pattern id="cloud-down" width={6} height={6} patternUnits="userSpaceOnUse">
            <path d="M0 6 6 0" stroke="currentColor" />
          </pattern>
        </defs>
        {rows.map(({ key, name, up, down }, index) => {
          const [sent, came] = [(up / most) * room, (down / most) * room]
          const y = index * ROW + 4
          return (
            <g key={key}>
              <text x={LABEL - 8} y={y + 14} textAnchor="end">
                {cut(safeName(name))}
              </text>
              <rect x={LABEL} y={y} width={sent} height={16} fill="currentColor" />
              <rect
                x={LABEL + sent}
                y={y}
                width={came}
                height={16}
                fill="url(#cloud-down)"
                stroke="currentColor"
              />
              <text x={LABEL + sent + came + 8} y={y + 14}>
                {sizeText(up + down)}
              </text>
            </g>
          )
        })}
      </svg>
      <figcaption className="text-dns-14N-130">
        ■ {say('cloud.up')}　▨ {say('cloud.down')}
      </figcaption>
    </figure>
  )
}

const LETTERS = 13

function cut(name: string): string {
  const letters = [...new Intl.Segmenter('ja').segment(name)].map(({ segment }) => segment)
  return letters.length <= LETTERS ? name : `${letters.slice(0, LETTERS - 1).join('')}…`
}
