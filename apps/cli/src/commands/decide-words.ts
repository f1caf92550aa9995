/**
 * What `sekisho decide` writes about forms and their answers.
 */
import { factLabel, isAsked, nearest, unasked, valueLabel } from '@sekisho/core'
import type { Form, FormExample, FormFact, GivenFacts } from '@sekisho/core'
import type { Conclusion, FactChange, OpenView, ReadingView } from '@sekisho/judge'
import { resultWord, WHO } from '@sekisho/report'
import { isDate } from '@sekisho/town'

/** The questions there are, one per line. */
export function listForms(forms: readonly Form[]): string {
  const width = Math.max(...forms.map(({ question }) => question.length))
  const lines = forms.map(({ question, title }) => `  ${question.padEnd(width)}  ${title}`)
  return `答えられる問いは、次のとおりです。\n\n${lines.join('\n')}\n\n例：sekisho decide ${forms[0]?.question ?? ''} --town town.yaml\n`
}

/** What one question asks, for whoever writes the request by hand; before it, cases that may already be the answer. */
export function describeForm(form: Form): string {
  const asked = form.facts.filter(({ reading }) => reading === undefined)
  const facts = asked.map((fact) => `  ${fact.name}\n    ${fact.label}\n    ${choices(fact)}`)
  return `${form.title}\n${form.lead}\n\n${renderExamples(form)}\n■ 問い\n${facts.join('\n')}\n\nひな形：sekisho decide ${form.question} --template > REQUEST.json\n`
}

/** The worked examples of a form, each with its answer and why. */
export function renderExamples(form: Form): string {
  return `■ 答えの例\n${form.examples.map((example) => exampleText(form, example)).join('')}`
}

function exampleText(form: Form, { title, expect, note }: FormExample): string {
  const found = Object.entries(expect.found ?? {}).map(([fact, value]) =>
    valueLabel(form, fact, value),
  )
  const answer = found.length > 0 ? found.join('、') : resultWord(expect.result)
  const rules =
    found.length > 0 || expect.rules.length === 0 ? '' : `（${expect.rules.join('・')}）`
  return `  ${title}\n    ${answer}${rules}　${note}\n`
}

/** What to write to somebody who asked for a question that is not there. */
export function noSuchQuestion(asked: string, forms: readonly Form[]): string {
  const close = nearest(
    asked,
    forms.map(({ question }) => question),
  )
  const meant =
    forms.find(({ question }) => question === close) ??
    forms.find(({ title }) => [...asked].length > 1 && title.includes(asked))
  const hint = meant === undefined ? '' : `もしかして ${meant.question}（${meant.title}）ですか。`
  return `${hint}問いの一覧は sekisho decide で見られます。`
}

/** What has to be written for the facts to be judged: each fact that is asked and has no value that can be chosen. */
export function renderUnfit(form: Form, given: GivenFacts, townKnown: boolean): string {
  const unfit = form.facts.filter((fact) => isAsked(fact, given) && !fits(fact, given[fact.name]))
  const known = new Set(form.facts.map(({ name }) => name))
  const more = Object.keys(given).filter((name) => !known.has(name) && !TOWN_FACTS.has(name))
  const lines = [
    ...unfit.map((fact) => `  ${fact.name}　${fact.label}\n    ${choices(fact)}\n`),
    ...(more.length > 0
      ? [`  この問いにない名前が${more.length}件あります。消してください。\n`]
      : []),
    ...(townKnown
      ? []
      : ['  --town\n    まちの宣言を指してください。モデルと版をここから補います。\n']),
  ]
  return `次を直して、もう一度お試しください\n${lines.join('')}`
}

const TOWN_FACTS: ReadonlySet<string> = new Set(['model', 'edition'])

function fits({ options, day }: FormFact, value: unknown): boolean {
  if (day !== undefined) return value === '' || (typeof value === 'string' && isDate(value))
  if (options) return options.some((option) => option.value === value)
  return Number.isSafeInteger(value) && (value as number) >= 0
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

const NO_CHANGES =
  '答えを変えて通る道は、この問いの決まりにありません。直し方の文のとおりに、別の道を探してください。\n'

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
    ...(wanted.length === 0 && conclusion.answer.findings.length > 0 ? [NO_CHANGES] : []),
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
