import { isAsked } from '@sekisho/core'
import type { Form as QuestionForm, FormFact } from '@sekisho/core'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { RadioGroup } from '../ui/radio-group.tsx'
import { say } from '../words/say.ts'

/** What has been chosen so far. */
export type Given = Readonly<Record<string, string | number | boolean>>

/** The name of the first fact that is asked and has no answer yet. */
export function firstMissing(form: QuestionForm, given: Given): string | undefined {
  return form.facts.find((fact) => isAsked(fact, given) && given[fact.name] === undefined)?.name
}

/** The facts of one question, one below the other; those that do not matter are not shown. */
export function FactsForm(props: {
  readonly form: QuestionForm
  readonly given: Given
  readonly showMissing: boolean
  readonly busy: boolean
  readonly onChange: (given: Given) => void
  readonly onAnswer: () => void
}) {
  const { form, given } = props
  const asked = form.facts.filter((fact) => isAsked(fact, given))
  const missing = asked.filter(({ name }) => given[name] === undefined).length
  return (
    <Form
      label={say('decide.facts')}
      className="my-4 flex flex-col gap-5"
      onSubmit={props.onAnswer}
    >
      {asked.map((fact) => (
        <Fact
          key={fact.name}
          fact={fact}
          value={given[fact.name]}
          error={props.showMissing && given[fact.name] === undefined ? missingOf(fact) : undefined}
          onChange={(value) => {
            const { [fact.name]: _, ...others } = given
            props.onChange(value === undefined ? others : { ...others, [fact.name]: value })
          }}
        />
      ))}
      <p className="screen-only flex flex-wrap items-center gap-4">
        <Button type="submit" blocked={props.busy ? say('decide.answering') : undefined}>
          {say('decide.answer')}
        </Button>
        {props.showMissing && missing > 0 && (
          <span role="alert" className="text-error-2">
            {say('decide.missingCount', { count: missing })}
          </span>
        )}
      </p>
    </Form>
  )
}

function missingOf({ options, day }: FormFact): string {
  if (day !== undefined) return say('decide.day')
  return say(options === undefined ? 'decide.number' : 'decide.missing')
}

function Fact(props: {
  readonly fact: FormFact
  readonly value: string | number | boolean | undefined
  readonly error: string | undefined
  readonly onChange: (value: string | number | boolean | undefined) => void
}) {
  const { fact, value, error, onChange } = props
  const { label, help, options, unit } = fact
  if (options !== undefined)
    return (
      <RadioGroup
        label={label}
        help={help}
        error={error}
        options={options}
        value={typeof value === 'number' ? undefined : value}
        onChange={onChange}
      />
    )
  if (fact.day !== undefined)
    return (
      <TextField
        label={label}
        help={help}
        error={error}
        name={fact.name}
        type="date"
        value={typeof value === 'string' ? value : ''}
        onChange={(text) => onChange(text === '' ? undefined : text)}
      />
    )
  return (
    <TextField
      label={unit === undefined ? label : `${label}（${unit}）`}
      help={help}
      error={error}
      name={fact.name}
      inputMode="numeric"
      maxLength={9}
      value={value === undefined ? '' : String(value)}
      onChange={(text) => onChange(/^[0-9]{1,9}$/u.test(text) ? Number(text) : undefined)}
    />
  )
}
