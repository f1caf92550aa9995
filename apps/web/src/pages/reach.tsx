import type { ReachPage } from '@sekisho/server/api'
import { useEffect } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'
import { Waiting } from './waiting.tsx'

/** What somebody can reach, and by which line; the same lines are lit in the picture. */
export function Reach(props: {
  readonly from: string
  readonly onRead: (reached: { readonly from: string; readonly lit: ReachPage['lit'] }) => void
}) {
  const place = usePlace()
  const { from, onRead } = props
  const query = new URLSearchParams({ from }).toString()
  const loaded = useLoad<ReachPage>(`/api/structure/reach?${query}`)
  const { value } = loaded
  useEffect(() => {
    if (value !== undefined) onRead({ from, lit: value.lit })
  }, [from, value, onRead])
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <section aria-labelledby="reach" className="border-key-900 rounded-8 my-4 border-2 p-4">
      <h2 id="reach" className="text-std-20B-160 name">
        {say('town.reach', { name: value.name })}
      </h2>
      {value.caution !== undefined && <p>{value.caution}</p>}
      <p aria-live="polite">
        {value.direct.length === 0
          ? say('town.reach.none')
          : say('town.reach.count', { count: value.direct.length })}
      </p>
      {value.direct.length > 0 && <Direct lines={value.direct} />}
      <Sentences title={say('town.reach.gates')} sentences={value.gates} />
      <Sentences
        title={say('town.reach.relayed')}
        lead={say('town.reach.relayedLead')}
        sentences={value.relayed}
      />
      {value.zones.length > 0 && (
        <p className="mt-2">{say('town.reach.same', { zones: value.zones.join('、') })}</p>
      )}
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{value.basis}</p>
      <p className="screen-only mt-3 flex flex-wrap gap-3">
        <Button kind="second" onPress={() => go(withQuery(place, { from: '' }), { replace: true })}>
          {say('town.reach.clear')}
        </Button>
        <a href={`/api/structure/reach.xlsx?${query}`} download className={buttonLook('second')}>
          {say('town.reach.excel')}
        </a>
        <a href={`/api/structure/reach.csv?${query}`} download className={buttonLook('second')}>
          {say('town.reach.csv')}
        </a>
      </p>
    </section>
  )
}

const HEADS = ['to', 'what', 'by'] as const

function Direct({ lines }: { readonly lines: ReachPage['direct'] }) {
  return (
    <div className="my-2">
      <Table
        caption={say('town.reach.table')}
        head={HEADS.map((head) => say(`town.reach.head.${head}`))}
      >
        {lines.map((line) => (
          <tr key={`${line.to} ${line.what} ${line.by}`}>
            <Cell>
              <span className="name">{line.to}</span>
            </Cell>
            <Cell narrow>{line.what}</Cell>
            <Cell>
              <By line={line} />
            </Cell>
          </tr>
        ))}
      </Table>
    </div>
  )
}

/** The flow that permits, as a link to all that is known of it. */
function By({ line }: { readonly line: ReachPage['direct'][number] }) {
  const place = usePlace()
  if (line.flow === undefined || line.number === undefined) return line.by
  const href = withQuery(place, { flow: line.flow })
  return (
    <a
      href={href}
      className="text-key-900 name underline underline-offset-4"
      onClick={(event) => followInside(event, href)}
    >
      {say('town.reach.by', { number: line.number, name: line.by })}
    </a>
  )
}

function Sentences(props: {
  readonly title: string
  readonly lead?: string
  readonly sentences: readonly string[]
}) {
  if (props.sentences.length === 0) return undefined
  return (
    <>
      <h3 className="text-std-16B-170 mt-3">{props.title}</h3>
      {props.lead !== undefined && <p>{props.lead}</p>}
      <ul className="name list-disc pl-6">
        {props.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  )
}
