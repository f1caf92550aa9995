/**
 * What `sekisho decide` writes about forms and their answers.
 */
import { factLabel, unasked, valueLabel } from '@sekisho/core'
import type { Form, FormFact } from '@sekisho/core'
import type { Conclusion, FactChange, OpenView, ReadingView } from '@sekisho/judge'
import { resultWord } from '@sekisho/report'

const WHO: Readonly<Record<FactChange['who'], string>> = {
  gate: '関所',
  clerk: '担当者',
  approver: '承認者',
  'it-officer': '情報担当',
  ciso: 'CISO',
  sender: '送り主',
  vendor: '委託先',
}

/** The questions there are, one per line. */
export function listForms(forms: readonly Form[]): string {
  const width = Math.max(...forms.map(({ question }) => question.length))
  const lines = forms.map(({ question, title }) => `  ${question.padEnd(width)}  ${title}`)
  return `答えられる問いは、次のとおりです。\n\n${lines.join('\n')}\n\n例：sekisho decide ${forms[0]?.question ?? ''} --town town.yaml\n`
}

/** What one question asks, for whoever writes the request by hand. */
export function describeForm(form: Form): string {
  const asked = form.facts.filter(({ reading }) => reading === undefined)
  const facts = asked.map((fact) => `  ${fact.name}\n    ${fact.label}\n    ${choices(fact)}`)
  return `${form.title}\n${form.lead}\n\n${facts.join('\n')}\n\nひな形：sekisho decide ${form.question} --template > REQUEST.json\n`
}

function choices({ options, unit, day }: FormFact): string {
  if (day !== undefined) return '日付（2027-03-31 の形。決めていなければ空の文字）'
  if (!options) return `0以上の数${unit === undefined ? '' : `（${unit}）`}`
  return options.map(({ value, label }) => `${JSON.stringify(value)}＝${label}`).join('、')
}

/** A request with the first answer to everything, to be changed. */
export function templateOf(form: Form): string {
  const facts = Object.fromEntries(
    form.facts
      .filter(({ reading }) => reading === undefined)
      .map((fact) => [fact.name, unasked(fact)]),
  )
  return `${JSON.stringify({ question: form.question, facts }, undefined, 2)}\n`
}

/** What was found, by the name of its fact, in words. */
export function foundIn(form: Form, { found }: Conclusion): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(found).map(([fact, value]) => [fact, valueLabel(form, fact, value)]),
  )
}

/** What was found and why, and what would have to be otherwise. */
export function renderConclusion(
  form: Form,
  conclusion: Conclusion,
  changes: readonly FactChange[],
): string {
  const found = Object.entries(foundIn(form, conclusion)).map(
    ([fact, value]) => `  ${factLabel(form, fact)}　${value}\n`,
  )
  const grounds = conclusion.grounds.map(
    ({ fact, findings }) =>
      `「${factLabel(form, fact)}」がこれより低くならない理由\n${findings
        .map(({ rule, message, verified }) => `  ${rule}${verified ? '' : '※'} ${message}\n`)
        .join('')}`,
  )
  const wanted = changes.map(
    ({ fact, to, who }) =>
      `  「${factLabel(form, fact)}」が「${valueLabel(form, fact, to)}」になる（${WHO[who]}）\n`,
  )
  return [
    ...(found.length > 0 ? ['\n', ...found] : []),
    ...grounds,
    ...(wanted.length > 0 ? ['これが変われば通ります\n', ...wanted] : []),
  ].join('')
}

/** The open points on which the answer hangs, with every reading and what it would say. */
export function renderOpen(open: readonly OpenView[]): string {
  return open
    .map(
      ({ sentence, readings }) =>
        `${sentence}\n${readings.map((reading) => `  ${readingLine(reading)}\n`).join('')}`,
    )
    .join('')
}

function readingLine({ short, text, source, inForce, outcome }: ReadingView): string {
  const head = `「${short}」${inForce ? '（今の読み方）' : ''}　${text}（${source}）`
  if (outcome === undefined) return head
  const found = outcome.found.map(({ label, value }) => `${label} ${value}`)
  const said = [resultWord(outcome.result), ...found, ...outcome.rules].join('、')
  return `${head}\n    こう読むと　${said}`
}
