import type { ReachPage, StructurePage as Page } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { Choice } from '../ui/field.tsx'
import { say } from '../words/say.ts'
import { FlowDialog, GateDialog } from './flow-dialog.tsx'
import { FlowTable } from './flow-table.tsx'
import { Reach } from './reach.tsx'
import { TownPicture } from './town-picture.tsx'
import { Waiting } from './waiting.tsx'

/** まちの構成: zones, systems and the flows between them, as a picture and as a table; and what somebody can reach. */
export function StructurePage() {
  const place = usePlace()
  const only = place.query.get('only') ?? ''
  const from = place.query.get('from') ?? ''
  const loaded = useLoad<Page>(`/api/structure?${new URLSearchParams({ only }).toString()}`)
  const { value } = loaded
  const [reached, setReached] = useState<{
    readonly from: string
    readonly lit: ReachPage['lit']
  }>()
  if (value === undefined) return <Waiting loaded={loaded} />
  const close = (): void => go(withQuery(place, { flow: '', gate: '' }), { replace: true })
  const drawn = new Set(value.drawing.arrows.map(({ id }) => id))
  // A list of what can be reached may lead to a flow that a narrowed picture does not hold.
  const flow = value.flows.find(({ id }) => id === place.query.get('flow'))
  const gate = value.gates.find(({ kind, id }) => `${kind}:${id}` === place.query.get('gate'))
  return (
    <>
      <p className="screen-only">{say('town.lead')}</p>
      <Filters page={value} only={only} from={from} />
      {from !== '' && <Reach key={from} from={from} onRead={setReached} />}
      <TownPicture drawing={value.drawing} lit={reached?.from === from ? reached.lit : undefined} />
      <Save only={only} />
      <FlowTable flows={value.flows.filter(({ id }) => drawn.has(id))} />
      {flow !== undefined && <FlowDialog flow={flow} onClose={close} />}
      {gate !== undefined && <GateDialog gate={gate} onClose={close} />}
    </>
  )
}

function Filters(props: { readonly page: Page; readonly only: string; readonly from: string }) {
  const place = usePlace()
  const { groups, starts } = props.page
  const change = (changes: Readonly<Record<string, string>>): void =>
    go(withQuery(place, changes), { replace: true })
  const none = { value: '', label: say('town.choose') }
  const options = (people: boolean) => [
    none,
    ...starts.flatMap(({ group, items }) =>
      items
        .filter(({ id }) => id.startsWith('person:') === people)
        .map(({ id, name }) => ({
          value: id,
          label: people ? name : say('town.option', { group, name }),
        })),
    ),
  ]
  const person = props.from.startsWith('person:')
  return (
    <div className="screen-only my-3 grid gap-4 md:grid-cols-3">
      <Choice
        label={say('town.only')}
        name="only"
        value={props.only}
        options={[
          { value: '', label: say('town.all') },
          ...groups.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(chosen) => change({ only: chosen })}
      />
      <Choice
        label={say('town.from')}
        name="from"
        value={person ? '' : props.from}
        options={options(false)}
        onChange={(chosen) => change({ from: chosen })}
      />
      <Choice
        label={say('town.person')}
        name="person"
        value={person ? props.from : ''}
        options={options(true)}
        onChange={(chosen) => change({ from: chosen })}
      />
    </div>
  )
}

function Save({ only }: { readonly only: string }) {
  const query = new URLSearchParams({ only }).toString()
  return (
    <p className="screen-only my-4 flex flex-wrap gap-3">
      <a href={`/api/structure.svg?${query}`} download className={buttonLook('second')}>
        {say('town.svg')}
      </a>
      <a href={`/api/structure.xlsx?${query}`} download className={buttonLook('second')}>
        {say('town.excel')}
      </a>
      <a href={`/api/structure.csv?${query}`} download className={buttonLook('second')}>
        {say('town.csv')}
      </a>
      <Button kind="second" onPress={() => print()}>
        {say('town.print')}
      </Button>
    </p>
  )
}
