import type { RegisterPage, RegistersPage as Registers } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Pages } from './pages.tsx'
import { Decisions } from './decide.tsx'
import { MendPart } from './registers-mend.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** 台帳: what the declaration in force says, as tables, and what a mended workbook would change. */
export function RegistersPage() {
  const place = usePlace()
  const tab = place.query.get('tab') === 'mend' ? 'mend' : 'see'
  return (
    <>
      <Tabs
        label={say('registers.tabs')}
        tabs={(['see', 'mend'] as const).map((name) => ({
          href: withQuery(place, { tab: name === 'see' ? '' : name, import: '' }),
          name: say(`registers.tab.${name}`),
          current: name === tab,
        }))}
        onGo={go}
      />
      {tab === 'see' ? <See /> : <MendPart />}
    </>
  )
}

/** Recorded by deciding, and not in the declaration. */
const DECISIONS = 'decisions'

function See() {
  const place = usePlace()
  const loaded = useLoad<Registers>('/api/registers')
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  const { registers } = value
  const options = [
    ...registers.map(({ key, name, count }) => ({
      value: key as string,
      label: say('registers.option', { name, count }),
    })),
    { value: DECISIONS, label: say('registers.decisions') },
  ]
  const wanted = place.query.get('register')
  const current = options.find((one) => one.value === wanted)?.value ?? options[0]?.value ?? ''
  return (
    <>
      <p>{say('registers.lead')}</p>
      <div className="screen-only my-3 max-w-md">
        <Choice
          label={say('registers.which')}
          name="register"
          value={current}
          options={options}
          onChange={(register) =>
            go(withQuery(place, { register, find: '', page: '' }), { replace: true })
          }
        />
      </div>
      {current === DECISIONS ? (
        <>
          <Decisions />
          <SaveButtons query="" paths={{ excel: '/api/registers/decisions.xlsx' }} />
        </>
      ) : (
        <>
          <OneRegister key={current} register={current} />
          <p className="mt-4">{say('registers.excel')}</p>
          <SaveButtons query="" paths={{ excel: '/api/registers/export.xlsx' }} />
        </>
      )}
    </>
  )
}

function OneRegister({ register }: { readonly register: string }) {
  const { query } = usePlace()
  const [find, page] = [query.get('find') ?? '', query.get('page') ?? '1']
  const asked = new URLSearchParams({ find, page }).toString()
  const loaded = useLoad<RegisterPage>(
    `/api/registers/table/${encodeURIComponent(register)}?${asked}`,
  )
  const { value } = loaded
  return (
    <>
      <Seek key={find} find={find} />
      {value === undefined ? (
        <Waiting loaded={loaded} />
      ) : (
        <Rows page={value} sought={find !== ''} />
      )}
    </>
  )
}

function Seek(props: { readonly find: string }) {
  const place = usePlace()
  const [find, setFind] = useState(props.find)
  return (
    <Form
      className="screen-only my-3 flex flex-wrap items-end gap-4"
      onSubmit={() => go(withQuery(place, { find: find.trim(), page: '' }))}
    >
      <div className="w-full max-w-md">
        <TextField
          label={say('registers.seek')}
          name="find"
          help={say('registers.seekHelp')}
          value={find}
          maxLength={200}
          onChange={setFind}
        />
      </div>
      <Button type="submit" kind="second">
        {say('registers.seekDo')}
      </Button>
    </Form>
  )
}

function Rows({ page, sought }: { readonly page: RegisterPage; readonly sought: boolean }) {
  const { name, columns, named, used, rows, found, all } = page
  if (all === 0) return <p>{say('registers.none')}</p>
  return (
    <>
      <h2 className="text-std-20B-160 mt-4">{name}</h2>
      <p aria-live="polite">
        {say(sought ? 'registers.found' : 'registers.count', { all, found })}
        {say('registers.blank')}
      </p>
      {used && <p>{say('registers.used')}</p>}
      {found === 0 ? (
        <p>{say('registers.noneFound')}</p>
      ) : (
        <Table caption={name} head={columns}>
          {rows.map((row) => (
            <tr key={row.join('\n')}>
              {row.map((text, at) => (
                <Cell key={columns[at] ?? at}>
                  <span className={`${named[at] ? 'name ' : ''}${widthOf(text)}`}>
                    {safeName(text)}
                  </span>
                </Cell>
              ))}
            </tr>
          ))}
        </Table>
      )}
      <Pages page={page.page} pages={page.pages} />
    </>
  )
}

/** Japanese breaks anywhere: with many columns a purpose would stand on end, one character a line. The table scrolls instead. */
const widthOf = (text: string): string =>
  text.length <= 12
    ? 'whitespace-nowrap print:whitespace-normal'
    : 'inline-block min-w-40 print:min-w-0'
