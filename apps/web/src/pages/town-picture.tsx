import type { Arrow, Box, Drawing, GateMark, Label, ReachPage, Stroke } from '@sekisho/server/api'
import type { ReactNode } from 'react'
import { usePlace, withQuery } from '../route.ts'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'

type Lit = ReachPage['lit']

/** Letters of 14 pixels may shrink to 12 before the picture scrolls in its frame. */
const SMALLEST = 0.86

/**
 * The picture of a town. Boxes, arrows and gates are links: the keyboard comes to a box, then to the arrows that begin there, column by column, and each says in
 * words what it is. What is lit is drawn thicker, the rest lighter, so that it is told without colour.
 */
export function TownPicture(props: { readonly drawing: Drawing; readonly lit?: Lit | undefined }) {
  const { drawing } = props
  const { width, height, title } = drawing
  return (
    <figure
      className="town-picture relative left-1/2 my-4 w-[calc(100vw-3rem)] max-w-[100rem] -translate-x-1/2"
      aria-label={say('town.picture', { title })}
    >
      <a href="#flows" className="text-key-900 sr-only screen-only bg-white p-2 focus:not-sr-only">
        {say('town.skip')}
      </a>
      {/* A scrolling frame must be reachable by keyboard (WCAG 2.1.1); its links are. */}
      <div className="frame border-solid-gray-420 overflow-x-auto border-y">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          style={{ minWidth: Math.round(width * SMALLEST), maxWidth: Math.round(width * 1.1) }}
          className="name mx-auto block w-full text-black"
          fontSize={14}
        >
          <Labels labels={drawing.head} />
          {drawing.frames.map(({ id, dashes, texts, ...area }) => (
            <g key={id}>
              <rect
                {...placeOf(area)}
                fill="white"
                stroke="currentColor"
                strokeDasharray={dashes}
              />
              <Labels labels={texts} />
            </g>
          ))}
          {drawing.gates.map((gate) => (
            <Gate key={`${gate.kind} ${gate.id}`} gate={gate} />
          ))}
          {drawing.boxes.map((box) => (
            <g key={box.id}>
              <Place box={box} lit={props.lit} />
              {drawing.arrows
                .filter(({ from }) => from === box.id)
                .map((arrow) => (
                  <Flow key={arrow.id} arrow={arrow} lit={props.lit} />
                ))}
            </g>
          ))}
          {drawing.legend.map(({ kind, stroke, text }) => (
            <g key={kind}>
              <Line stroke={stroke} />
              <Labels labels={[text]} />
            </g>
          ))}
        </svg>
      </div>
    </figure>
  )
}

/** A frame around all of a bent arrow would tell nothing: the focus is where the words are, and on the line. */
const FOCUSED =
  '[paint-order:stroke] group-focus-visible:fill-yellow-300 group-focus-visible:stroke-[8px]'
const FADED = 'text-solid-gray-536'

function Place({ box, lit }: { readonly box: Box; readonly lit: Lit | undefined }) {
  const chosen = lit?.boxes.includes(box.id) === true
  return (
    <Target query={{ from: box.id }} label={box.label} faded={lit !== undefined && !chosen}>
      <rect
        {...placeOf(box)}
        fill="white"
        stroke="currentColor"
        strokeWidth={chosen ? 3.5 : 1}
        className={`group-hover:fill-key-50 ${FOCUSED}`}
      />
      <Labels labels={box.texts} />
    </Target>
  )
}

function Flow({ arrow, lit }: { readonly arrow: Arrow; readonly lit: Lit | undefined }) {
  const chosen = lit?.flows.includes(arrow.id) === true
  const { mark, stroke } = arrow
  return (
    <Target query={{ flow: arrow.id }} label={arrow.label} faded={lit !== undefined && !chosen}>
      {/* Wide enough for a tired hand. */}
      <path d={stroke.line} fill="none" stroke="transparent" strokeWidth={9} />
      <Line stroke={chosen ? { ...stroke, width: stroke.width + 2 } : stroke} />
      <rect
        {...placeOf(mark)}
        fill="white"
        className={`group-focus-visible:stroke-black ${FOCUSED}`}
      />
      <Labels labels={[mark.label]} />
    </Target>
  )
}

function Gate({ gate }: { readonly gate: GateMark }) {
  return (
    <Target query={{ gate: `${gate.kind}:${gate.id}` }} label={gate.label} faded={false}>
      <Line stroke={gate.stroke} />
      <rect
        {...placeOf(gate)}
        fill="white"
        stroke="currentColor"
        strokeWidth={3}
        className={`group-hover:fill-key-50 ${FOCUSED}`}
      />
      <Labels labels={gate.texts} />
    </Target>
  )
}

/** A link inside of the picture: the address holds what is opened. */
function Target(props: {
  readonly query: Readonly<Record<string, string>>
  readonly label: string
  readonly faded: boolean
  readonly children: ReactNode
}) {
  const href = withQuery(usePlace(), props.query)
  return (
    <a
      href={href}
      aria-label={props.label}
      onClick={(event) => followInside(event, href)}
      className={`group outline-none! focus-visible:text-black ${props.faded ? FADED : ''} hover:text-key-900`}
    >
      <title>{props.label}</title>
      {props.children}
    </a>
  )
}

function Line({ stroke }: { readonly stroke: Stroke }) {
  return (
    <>
      <path
        d={stroke.line}
        fill="none"
        stroke="currentColor"
        strokeWidth={stroke.width}
        strokeDasharray={stroke.dashes}
        className="group-focus-visible:stroke-[5px]"
      />
      <path d={stroke.head} fill="currentColor" />
    </>
  )
}

const Labels = ({ labels }: { readonly labels: readonly Label[] }) =>
  labels.map(({ text, x, y, middle, bold }) => (
    <text
      key={`${x} ${y}`}
      x={x}
      y={y}
      fill="currentColor"
      textAnchor={middle === true ? 'middle' : 'start'}
      fontWeight={bold === true ? 'bold' : 'normal'}
    >
      {text}
    </text>
  ))

const placeOf = ({
  x,
  y,
  width,
  height,
}: {
  x: number
  y: number
  width: number
  height: number
}) => ({
  x,
  y,
  width,
  height,
})
