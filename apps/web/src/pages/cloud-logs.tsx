import type { CloudFound } from '@sekisho/server/api'
import { useState } from 'react'
import { callWithFile } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { Button } from '../ui/button.tsx'
import { Choice, Field, INPUT_LOOK } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { Cell, Table } from '../ui/table.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

/** As the server bounds it, bytes. It decides; here people are only saved a wait. */
const MOST_BYTES = 32 * 1024 * 1024
const KINDS = ['discover', 'audit-log'] as const

/** 記録を調べる: a log from elsewhere beside what the gate saw. It is kept nowhere. */
export function CloudLogs({ query }: { readonly query: URLSearchParams }) {
  const [found, setFound] = useState<CloudFound>()
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  const look = async (kind: string, file: File): Promise<void> => {
    setFailure(undefined)
    setFound(undefined)
    const result = await callWithFile<CloudFound>(`/api/cloud/${kind}?${query}`, file)
    if (result.ok) setFound(result.value)
    else if (result.status !== 401) setFailure(result)
  }
  return (
    <>
      <p className="screen-only mt-3">{say('cloud.logs.lead')}</p>
      <LogForm onLook={look} />
      {failure !== undefined && <Trouble failure={failure} what={say('cloud.logs.failed')} />}
      {found !== undefined && <Found found={found} />}
    </>
  )
}

function LogForm(props: { readonly onLook: (kind: string, file: File) => Promise<void> }) {
  const [kind, setKind] = useState<string>('discover')
  const [file, setFile] = useState<File>()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const look = async (): Promise<void> => {
    const wrong = errorOf(kind, file)
    setError(wrong)
    if (wrong !== undefined) return
    setBusy(true)
    // Without a log the gate's own record alone is looked through.
    await props.onLook(kind, file ?? new File([], 'none'))
    setBusy(false)
  }
  return (
    <Form className="my-3 grid max-w-xl gap-3 screen-only" onSubmit={() => void look()}>
      <Choice
        label={say('cloud.logs.kind')}
        name="kind"
        value={kind}
        onChange={setKind}
        options={KINDS.map((one) => ({ value: one, label: say(`cloud.logs.kind.${one}`) }))}
      />
      <Field label={say('cloud.logs.file')} help={say('cloud.logs.fileHelp')} error={error}>
        {(tie) => (
          <input
            {...tie}
            className={INPUT_LOOK}
            type="file"
            name="log"
            onChange={({ target: { files } }) => setFile(files?.[0])}
          />
        )}
      </Field>
      <div>
        <Button type="submit" blocked={busy ? say('cloud.logs.busy') : undefined}>
          {say('cloud.logs.look')}
        </Button>
      </div>
    </Form>
  )
}

function errorOf(kind: string, file: File | undefined): string | undefined {
  if (file === undefined) return kind === 'discover' ? undefined : say('cloud.logs.missing')
  return file.size > MOST_BYTES ? say('cloud.logs.large', { max: sizeText(MOST_BYTES) }) : undefined
}

function Found({ found }: { readonly found: CloudFound }) {
  const { title, columns, rows, total, notes } = found
  return (
    <div className="mt-4">
      <h2 className="text-std-20B-150 mb-2">{title}</h2>
      <output className="block">
        {say('cloud.count', { count: total.toLocaleString('ja-JP') })}
      </output>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {rows.length > 0 && (
        <Table caption={title} head={columns} wide>
          {rows.map((row) => (
            <tr key={row.join('\n')}>
              {row.map((text, column) => (
                <Cell key={columns[column]}>
                  {/* Japanese breaks anywhere: of its own a column would become one character wide. */}
                  <span className="inline-block w-max max-w-64 wrap-anywhere print:w-auto">
                    <SafeName parts={nameParts(text)} running />
                  </span>
                </Cell>
              ))}
            </tr>
          ))}
        </Table>
      )}
      {total > rows.length && <p>{say('cloud.logs.more', { shown: rows.length })}</p>}
    </div>
  )
}
