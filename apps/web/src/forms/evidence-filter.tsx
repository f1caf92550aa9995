import { EVIDENCE_KINDS } from '@sekisho/core'
import { useRef, useState } from 'react'
import { FILTER_KEYS, FILTER_WORDS, kindWord } from '../pages/evidence-query.ts'
import type { FilterKey } from '../pages/evidence-query.ts'
import { sha256, toHex } from '../proof/tree.ts'
import { Button } from '../ui/button.tsx'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { More } from '../ui/more.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

type Values = Readonly<Record<FilterKey, string>>

/** What to look for. Nothing is asked of the server before the button is pressed. */
export function EvidenceFilter(props: {
  readonly filter: URLSearchParams
  readonly onFilter: (values: Values) => void
}) {
  const [values, setValues] = useState<Values>(() => valuesOf(props.filter))
  const [errors, setErrors] = useState<Partial<Record<FilterKey, WordKey>>>({})
  const set = (key: FilterKey) => (value: string) => {
    setValues((old) => ({ ...old, [key]: value }))
    setErrors({})
  }
  const submit = (): void => {
    const tidy = tidied(values)
    const found = errorsOf(tidy)
    setErrors(found)
    if (Object.keys(found).length === 0) props.onFilter(tidy)
  }
  const text = (key: FilterKey, type: 'text' | 'date' = 'text', help?: WordKey) => (
    <TextField
      label={say(FILTER_WORDS[key])}
      name={key}
      type={type}
      help={help === undefined ? undefined : say(help)}
      value={values[key]}
      onChange={set(key)}
      error={errors[key] === undefined ? undefined : say(errors[key])}
    />
  )
  const used = FILTER_KEYS.some((key) => props.filter.get(key))
  return (
    <Form
      label={say('evidence.filter')}
      onSubmit={submit}
      className="bg-solid-gray-50 rounded-8 mt-3 p-4 screen-only"
    >
      <div className="grid items-end gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-4">
        {text('person')}
        {text('file')}
        {text('number')}
        <Choice
          label={say('evidence.kind')}
          name="kind"
          value={values.kind}
          onChange={set('kind')}
          options={[
            { value: '', label: say('evidence.kindAll') },
            ...EVIDENCE_KINDS.map((kind) => ({ value: kind, label: kindWord(kind) })),
          ]}
        />
        {text('from', 'date')}
        {text('to', 'date')}
        {text('rule', 'text')}
        {text('sha256')}
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button type="submit">{say('evidence.search')}</Button>
        {used && (
          <Button kind="second" onPress={() => props.onFilter(NOTHING)}>
            {say('evidence.clear')}
          </Button>
        )}
        <FileDigest onDigest={set('sha256')} />
      </div>
    </Form>
  )
}

const NOTHING = valuesOf(new URLSearchParams())

/** SHA-256 of a file somebody holds, computed on this terminal: the file goes nowhere. */
function FileDigest({ onDigest }: { readonly onDigest: (hex: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState('')
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    try {
      onDigest(toHex(await sha256(new Uint8Array(await file.arrayBuffer()))))
      setSaid(say('evidence.shaReady', { name: safeName(file.name) }))
    } catch {
      setSaid(say('evidence.shaFailed'))
    }
  }
  return (
    <More word={say('evidence.shaChoose')}>
      <p className="text-dns-14N-130 mb-2">{say('evidence.shaHelp')}</p>
      <input
        ref={input}
        type="file"
        aria-label={say('evidence.shaChoose')}
        className="target"
        onChange={(event) => void take(event.target.files?.[0])}
      />
      <output className="block">{said}</output>
    </More>
  )
}

function valuesOf(filter: URLSearchParams): Values {
  const get = (key: FilterKey): string => filter.get(key) ?? ''
  return {
    person: get('person'),
    file: get('file'),
    rule: get('rule'),
    kind: get('kind'),
    number: get('number'),
    from: get('from'),
    to: get('to'),
    sha256: get('sha256'),
  }
}

/** Numbers and digests as people paste them. Names are left exactly as typed: normalising would change them. */
export function tidied(values: Values): Values {
  return {
    ...values,
    rule: values.rule.normalize('NFKC').trim(),
    number: values.number.normalize('NFKC').trim().toUpperCase(),
    sha256: values.sha256.normalize('NFKC').replaceAll(/\s/gu, '').toLowerCase(),
  }
}

export function errorsOf(values: Values): Partial<Record<FilterKey, WordKey>> {
  return {
    ...(values.sha256 !== '' &&
      !/^[0-9a-f]{64}$/u.test(values.sha256) && { sha256: 'evidence.shaWrong' as const }),
    ...(values.from !== '' &&
      values.to !== '' &&
      values.to < values.from && { to: 'evidence.period' as const }),
  }
}
