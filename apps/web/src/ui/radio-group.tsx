import { useId } from 'react'

/** A question with a few answers, all of them visible. None is chosen until a person chooses. */
export function RadioGroup<Value extends string | boolean>(props: {
  readonly label: string
  readonly help?: string | undefined
  readonly error?: string | undefined
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly value: Value | undefined
  readonly onChange: (value: Value) => void
}) {
  const id = useId()
  const described = [props.help && `${id}-help`, props.error && `${id}-error`].filter(Boolean)
  return (
    <fieldset
      className="flex flex-col gap-1"
      aria-describedby={described.length > 0 ? described.join(' ') : undefined}
      aria-invalid={props.error !== undefined}
    >
      <legend className="text-std-16B-170">{props.label}</legend>
      {props.help !== undefined && (
        <p id={`${id}-help`} className="text-dns-14N-130 text-solid-gray-700">
          {props.help}
        </p>
      )}
      <div className="flex flex-wrap gap-x-6">
        {props.options.map((option, index) => (
          <label key={String(option.value)} className="target inline-flex items-center gap-2">
            <input
              type="radio"
              className="accent-key-900 size-6 shrink-0"
              name={id}
              id={index === 0 ? id : undefined}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {props.error !== undefined && (
        <p id={`${id}-error`} className="text-dns-14B-130 text-error-2" role="alert">
          {props.error}
        </p>
      )}
    </fieldset>
  )
}
