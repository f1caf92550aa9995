import { useId } from 'react'
import type { HTMLInputTypeAttribute, ReactNode } from 'react'

export const INPUT_LOOK =
  'text-std-16N-170 rounded-8 border-solid-gray-600 aria-invalid:border-error-2 w-full border bg-white px-3 py-2 target'

interface FieldProps {
  readonly label: string
  readonly mark?: string
  readonly help?: string | undefined
  readonly error?: string | undefined
}

/** Label, requirement mark, support text, the control, and its own error, tied together for screen readers. */
export function Field(
  props: FieldProps & {
    readonly children: (tie: {
      readonly id: string
      readonly 'aria-describedby': string | undefined
      readonly 'aria-invalid': boolean
    }) => ReactNode
  },
) {
  const id = useId()
  const described = [props.help && `${id}-help`, props.error && `${id}-error`].filter(Boolean)
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-std-16B-170 flex items-center gap-2">
        {props.label}
        {props.mark !== undefined && (
          <span className="text-dns-14B-130 text-error-2">{props.mark}</span>
        )}
      </label>
      {props.help !== undefined && (
        <p id={`${id}-help`} className="text-dns-14N-130 text-solid-gray-700">
          {props.help}
        </p>
      )}
      {props.children({
        id,
        'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
        'aria-invalid': props.error !== undefined,
      })}
      {props.error !== undefined && (
        <p id={`${id}-error`} className="text-dns-14B-130 text-error-2" role="alert">
          {props.error}
        </p>
      )}
    </div>
  )
}

export function TextField(
  props: FieldProps & {
    readonly name: string
    readonly value: string
    readonly onChange: (value: string) => void
    readonly type?: HTMLInputTypeAttribute
    readonly autoComplete?: string
    readonly inputMode?: 'text' | 'numeric' | 'email'
    readonly maxLength?: number
  },
) {
  return (
    <Field label={props.label} mark={props.mark ?? ''} help={props.help} error={props.error}>
      {(tie) => (
        <input
          {...tie}
          className={INPUT_LOOK}
          name={props.name}
          type={props.type ?? 'text'}
          value={props.value}
          autoComplete={props.autoComplete ?? 'off'}
          inputMode={props.inputMode}
          maxLength={props.maxLength}
          aria-required={props.mark !== undefined && props.mark !== ''}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export function TextArea(
  props: FieldProps & {
    readonly name: string
    readonly value: string
    readonly onChange: (value: string) => void
    readonly maxLength?: number
  },
) {
  return (
    <Field label={props.label} mark={props.mark ?? ''} help={props.help} error={props.error}>
      {(tie) => (
        <textarea
          {...tie}
          className={INPUT_LOOK}
          name={props.name}
          rows={2}
          value={props.value}
          maxLength={props.maxLength}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

interface Option {
  readonly value: string
  readonly label: string
}

export function Choice(
  props: FieldProps & {
    readonly name: string
    readonly value: string
    readonly options: readonly Option[]
    /** More to choose from, under headings. Empty ones are not shown. */
    readonly groups?: readonly { readonly label: string; readonly options: readonly Option[] }[]
    readonly onChange: (value: string) => void
  },
) {
  return (
    <Field label={props.label} mark={props.mark ?? ''} help={props.help} error={props.error}>
      {(tie) => (
        <select
          {...tie}
          className={INPUT_LOOK}
          name={props.name}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {optionsOf(props.options)}
          {props.groups?.map(({ label, options }) =>
            options.length === 0 ? null : (
              <optgroup key={label} label={label}>
                {optionsOf(options)}
              </optgroup>
            ),
          )}
        </select>
      )}
    </Field>
  )
}

function optionsOf(options: readonly Option[]) {
  return options.map((option) => (
    <option key={option.value} value={option.value}>
      {option.label}
    </option>
  ))
}

export function CheckBox(props: {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  return (
    <label className="target inline-flex items-center gap-2">
      <input
        type="checkbox"
        className="accent-key-900 size-6 shrink-0"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  )
}
