import type { RoadmapPage } from '@sekisho/server/api'
import { More } from '../ui/more.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { say } from '../words/say.ts'

type Drivers = NonNullable<RoadmapPage['cost']>['drivers']

/** What a quotation has to be asked for: numbers of things, not yen. */
export function Costs({ cost: { drivers } }: { readonly cost: NonNullable<RoadmapPage['cost']> }) {
  const moved = (['added', 'removed'] as const).flatMap((wanted) =>
    drivers.filter(({ change }) => change === wanted),
  )
  const kept = drivers.filter(({ change }) => change === 'kept')
  return (
    <div>
      <h3 className="text-std-17B-170 mt-6 mb-1">{say('roadmap.cost')}</h3>
      <p className="mb-2">{say('roadmap.cost.lead')}</p>
      <DriverTable caption={say('roadmap.cost')} drivers={moved} />
      {kept.length > 0 && (
        <div className="screen-only">
          <More word={say('roadmap.cost.change.kept')}>
            <DriverTable caption={say('roadmap.cost.change.kept')} drivers={kept} />
          </More>
        </div>
      )}
    </div>
  )
}

const HEADS = ['change', 'name', 'quantity', 'drives', 'basis'] as const

function DriverTable(props: { readonly caption: string; readonly drivers: Drivers }) {
  return (
    <Table caption={props.caption} head={HEADS.map((head) => say(`roadmap.cost.head.${head}`))}>
      {props.drivers.map(({ id, name, unit, quantity: { value, basis }, drives, change }) => (
        <tr key={id}>
          <Cell narrow>{say(`roadmap.cost.change.${change}`)}</Cell>
          <Cell>{name}</Cell>
          <Cell narrow>
            {say('roadmap.cost.quantity', { value: value.toLocaleString('ja-JP'), unit })}
          </Cell>
          <Cell>{drives}</Cell>
          <Cell>
            <span className="text-dns-14N-130">{basis}</span>
          </Cell>
        </tr>
      ))}
    </Table>
  )
}
