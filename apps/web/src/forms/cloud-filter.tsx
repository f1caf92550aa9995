import type { CloudPage } from '@sekisho/server/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

export const CLOUD_FILTER = ['from', 'to', 'service', 'department', 'sort'] as const
export type CloudFilterKey = (typeof CLOUD_FILTER)[number]
type Values = Readonly<Record<CloudFilterKey, string>>

const SORTS = ['bytes', 'up', 'opened', 'refused'] as const

/** Which days, services and sections are looked at. Nothing is asked of the server before the button is pressed. */
export function CloudFilter(props: {
  readonly page: CloudPage
  readonly filter: URLSearchParams
  /** What is looked at has a period, and no services and sections. */
  readonly daysOnly: boolean
  readonly onFilter: (values: Values) => void
}) {
  const { page, filter } = props
  const [values, setValues] = useState<Values>({
    from: page.from,
    to: page.to,
    service: filter.get('service') ?? '',
    department: filter.get('department') ?? '',
    sort: filter.get('sort') ?? 'bytes',
  })
  const set = (key: CloudFilterKey) => (value: string) =>
    setValues((old) => ({ ...old, [key]: value }))
  const everything = { value: '', label: say('cloud.all') }
  const named = (all: CloudPage['gateServices']) => [
    everything,
    ...all.map(({ id, name }) => ({ value: id, label: name })),
  ]
  const choice = (key: 'service' | 'department' | 'sort', options: readonly Option[]) => (
    <Choice
      label={say(`cloud.${key}`)}
      name={key}
      value={values[key]}
      onChange={set(key)}
      options={options}
    />
  )
  const day = (key: 'from' | 'to') => (
    <TextField
      label={say(`cloud.${key}`)}
      name={key}
      type="date"
      value={values[key]}
      onChange={set(key)}
    />
  )
  return (
    <Form
      label={say('cloud.filter')}
      onSubmit={() => props.onFilter(values)}
      className="bg-solid-gray-50 rounded-8 mt-3 p-4 screen-only"
    >
      <div className="grid items-end gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-6">
        {day('from')}
        {day('to')}
        {!props.daysOnly && (
          <>
            {choice('service', named(page.gateServices))}
            {choice('department', named(page.gateDepartments))}
            {choice(
              'sort',
              SORTS.map((sort) => ({ value: sort, label: say(`cloud.sort.${sort}`) })),
            )}
          </>
        )}
        <Button type="submit">{say('cloud.show')}</Button>
      </div>
    </Form>
  )
}

interface Option {
  readonly value: string
  readonly label: string
}
