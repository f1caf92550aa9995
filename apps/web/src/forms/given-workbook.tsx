import type { ImportState } from '@sekisho/server/api'
import { useState } from 'react'
import { callWithFile } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox, Field, INPUT_LOOK } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { sizeText } from '../ui/size.ts'
import { say } from '../words/say.ts'

/** As the server bounds it, bytes. It decides; here people are only saved a wait. */
const MOST_BYTES = 32 * 1024 * 1024

/** A register that was mended in Excel: looked at there, written nowhere. */
export function GivenWorkbookForm(props: {
  readonly onStarted: (state: ImportState) => void
  readonly onFailed: (failure: Extract<Outcome<unknown>, { ok: false }>) => void
}) {
  const [file, setFile] = useState<File>()
  const [remove, setRemove] = useState(false)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const give = async (): Promise<void> => {
    const found = errorOf(file)
    setError(found)
    if (file === undefined || found !== undefined) return
    setBusy(true)
    const query = new URLSearchParams({ name: file.name, ...(remove && { remove: '1' }) })
    const result = await callWithFile<ImportState>(
      `/api/registers/import?${query.toString()}`,
      file,
    )
    setBusy(false)
    if (result.ok) props.onStarted(result.value)
    else props.onFailed(result)
  }
  return (
    <Form className="grid max-w-xl gap-3" onSubmit={() => void give()}>
      <Field label={say('registers.file')} mark={say('frame.required')} error={error}>
        {(tie) => (
          <input
            {...tie}
            className={INPUT_LOOK}
            type="file"
            accept=".xlsx"
            name="workbook"
            onChange={({ target: { files } }) => setFile(files?.[0])}
          />
        )}
      </Field>
      <CheckBox label={say('registers.remove')} checked={remove} onChange={setRemove} />
      <div>
        <Button type="submit" blocked={busy ? say('registers.giving') : undefined}>
          {say('registers.give')}
        </Button>
      </div>
    </Form>
  )
}

function errorOf(file: File | undefined): string | undefined {
  if (file === undefined) return say('registers.fileMissing')
  return file.size > MOST_BYTES
    ? say('registers.fileLarge', { max: sizeText(MOST_BYTES) })
    : undefined
}
