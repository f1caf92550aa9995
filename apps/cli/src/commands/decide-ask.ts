/**
 * Asks a person at a terminal for the facts of a form, one after the other.
 */
import { createInterface } from 'node:readline/promises'
import { isAsked, isDay } from '@sekisho/core'
import type { FactValue, Form, FormFact } from '@sekisho/core'
import { UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'

/** @throws UsageError when the person ends the input before everything is answered */
export async function askForm(
  form: Form,
  terminal: Terminal,
): Promise<Readonly<Record<string, FactValue>>> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const lines = reader[Symbol.asyncIterator]()
  const given: Record<string, FactValue> = {}
  terminal.err(`${form.title}\n${form.lead}\n\n`)
  try {
    for (const fact of form.facts) {
      if (!isAsked(fact, given)) continue
      terminal.err(`${questionOf(fact)}> `)
      given[fact.name] = await answerFrom(lines, fact, terminal)
    }
    return given
  } finally {
    reader.close()
  }
}

async function answerFrom(
  lines: AsyncIterator<string>,
  fact: FormFact,
  terminal: Terminal,
): Promise<FactValue> {
  for (;;) {
    const line = await lines.next()
    if (line.done === true) throw new UsageError('答えが途中で終わりました。')
    const value = answerTo(fact, line.value)
    if (value !== undefined) return value
    terminal.err(
      fact.day === undefined
        ? '番号で選んでください。\n> '
        : '2027-03-31 の形で書いてください。\n> ',
    )
  }
}

function questionOf({ label, help, options, unit }: FormFact): string {
  const choices = options?.map((option, index) => `  ${index + 1}  ${option.label}\n`).join('')
  return `${label}${unit === undefined ? '' : `（${unit}）`}\n${help === undefined ? '' : `  ${help}\n`}${choices ?? ''}`
}

function answerTo({ options, day }: FormFact, text: string): FactValue | undefined {
  if (day !== undefined) return isDay(text.trim()) ? text.trim() : undefined
  const number = /^[0-9]{1,9}$/u.test(text.trim()) ? Number(text.trim()) : undefined
  if (number === undefined) return undefined
  return options ? options[number - 1]?.value : number
}
