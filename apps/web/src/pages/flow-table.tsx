import type { FlowRow } from '@sekisho/server/api'
import { go, usePlace, withQuery } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { say } from '../words/say.ts'
import { Expiry, FlowUse } from './flow-dialog.tsx'

const HEADS = [
  'number',
  'name',
  'ends',
  'what',
  'owner',
  'expires',
  'last',
  'state',
  'more',
] as const

/** The same flows as the picture, for everyone: by number, with what for and whose. */
export function FlowTable({ flows }: { readonly flows: readonly FlowRow[] }) {
  return (
    <section aria-labelledby="flows">
      <h2 id="flows" tabIndex={-1} data-landing="" className="text-std-20B-160 mb-2">
        {say('town.list')}
      </h2>
      <p className="mb-2">
        {flows.length === 0 ? say('town.none') : say('town.count', { shown: flows.length })}
      </p>
      {flows.length > 0 && (
        <Table
          caption={say('town.table')}
          head={HEADS.map((head) => say(`town.head.${head}`))}
          leads
        >
          {flows.map((flow) => (
            <Row key={flow.id} flow={flow} />
          ))}
        </Table>
      )}
    </section>
  )
}

function Row({ flow }: { readonly flow: FlowRow }) {
  const place = usePlace()
  return (
    <tr>
      <Cell narrow>{flow.number}</Cell>
      <Cell>
        <span className="name block min-w-36 print:min-w-0">{flow.name}</span>
        <p className="text-dns-14N-130 text-solid-gray-700">{flow.purpose}</p>
      </Cell>
      <Cell>
        <span className="name block min-w-36 print:min-w-0">
          {say('town.ends', { from: flow.from, to: flow.to })}
        </span>
      </Cell>
      <Cell>
        <span className="block min-w-20 print:min-w-0">{flow.what}</span>
      </Cell>
      <Cell>
        <span className="block min-w-20 print:min-w-0">{flow.owner}</span>
      </Cell>
      <Cell narrow>
        <Expiry flow={flow} short />
      </Cell>
      <Cell narrow>
        <FlowUse flow={flow} />
      </Cell>
      <Cell narrow>
        {flow.shut === undefined ? (
          <Badge tone="good" shape="check">
            {say('town.open')}
          </Badge>
        ) : (
          <Badge tone="bad" shape="stop">
            {say('town.shut')}
          </Badge>
        )}
      </Cell>
      <Cell narrow>
        <Button
          kind="plain"
          small
          label={say('town.moreOne', { number: flow.number, name: flow.name })}
          onPress={() => go(withQuery(place, { flow: flow.id }))}
        >
          {say('town.more')}
        </Button>
      </Cell>
    </tr>
  )
}
