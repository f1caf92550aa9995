import { judgeFormula } from './formula.ts'
import { CHART, DRAWING } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, elementOf, isElement, textOf } from './scope.ts'
import type { XmlElement, XmlNode } from '../xml/read.ts'

/**
 * Charts (ECMA-376 part 1 §21.2). A reference stays when it names this book; else what was last drawn for it stays as plain
 * values. A reference that names another file would fetch it.
 */
const reference: Handler = (element, scope) => {
  const fault = faultOf(element, scope)
  if (!fault) return undefined
  scope.drop(fault)
  return literalOf(element, scope)
}

/**
 * A chart in a letter or on a slide names cells of an embedded book that is gone: harmless, the drawn values stay.
 * Anything that would reach another file goes.
 */
function faultOf(named: XmlElement, scope: Scope): string | undefined {
  const formula = childOf(named, 'f')
  const { sheets, lostNames } = scope.book
  return (
    formula &&
    judgeFormula(textOf(formula), { sheets: sheets.size > 0 ? sheets : 'any', lostNames })
  )
}

const LITERALS: Readonly<Record<string, string>> = {
  numRef: 'numLit',
  strRef: 'strLit',
  multiLvlStrRef: 'strLit',
}

/** `c:numRef` → `c:numLit` with the cached numbers, where the schema allows a literal. */
function literalOf(element: XmlElement, scope: Scope): readonly XmlNode[] {
  const literal = LITERALS[element.local]
  const cache = element.children.filter(isElement).find(({ local }) => local.endsWith('Cache'))
  if (!literal || !cache || scope.kind !== 'chart') return []
  const values = cache.local === 'multiLvlStrCache' ? oneLevel(cache) : cache.children
  return [{ ...element, local: literal, children: scope.filter(values) }]
}

/** Labels in several levels as one: the outer word stands before the first of the labels that it spans. */
function oneLevel(cache: XmlElement): XmlElement[] {
  const words = new Map<number, string[]>()
  const levels = cache.children.filter(isElement).filter(({ local }) => local === 'lvl')
  for (const point of levels.toReversed().flatMap((level) => pointsOf(level))) {
    const index = Number(attributeOf(point, 'idx'))
    words.set(index, [...(words.get(index) ?? []), textOf(point)])
  }
  const count = childOf(cache, 'ptCount')
  const points = [...words]
    .toSorted(([a], [b]) => a - b)
    .map(([index, texts]) => valued('pt', { idx: String(index) }, texts.join(' ')))
  return [...(count ? [count] : []), ...points]
}

function pointsOf(list: XmlElement): XmlElement[] {
  return list.children.filter(isElement).filter(({ local }) => local === 'pt')
}

function valued(local: string, attributes: Readonly<Record<string, string>>, text: string) {
  return elementOf(CHART, local, attributes, [elementOf(CHART, 'v', {}, [text])])
}

/** The name of a series may only be a reference or a plain value; `c:v` is the plain value. */
const seriesName: Handler = (element, scope) => {
  const words = lostWords(element, scope)
  if (words === undefined) return undefined
  return words === '' ? [] : [valued('tx', {}, words)]
}

/** A title, or the label of a point, may only be a reference or rich text. */
const label: Handler = (element, scope) => {
  const text = childOf(element, 'tx')
  const words = text && lostWords(text, scope)
  if (text === undefined || words === undefined) return undefined
  const rich = words === '' ? [] : [elementOf(CHART, 'tx', {}, [richText(words)])]
  element.children = element.children.flatMap((child) => (child === text ? rich : [child]))
  return undefined
}

function richText(words: string): XmlElement {
  const run = elementOf(DRAWING, 'r', {}, [elementOf(DRAWING, 't', {}, [words])])
  return elementOf(CHART, 'rich', {}, [
    elementOf(DRAWING, 'bodyPr'),
    elementOf(DRAWING, 'p', {}, [run]),
  ])
}

/** What was last drawn for a reference that may not stay; `undefined` when it may, or is none. */
function lostWords(text: XmlElement, scope: Scope): string | undefined {
  const named = childOf(text, 'strRef')
  const fault = named && faultOf(named, scope)
  if (!named || !fault) return undefined
  scope.drop(fault)
  const cache = childOf(named, 'strCache')
  return cache
    ? pointsOf(cache)
        .map((point) => textOf(point))
        .join(' ')
    : ''
}

/** A chart drawn from a pivot table is a plain chart when the pivot is not there. */
const pivotSource: Handler = () => []

function childOf(element: XmlElement, local: string): XmlElement | undefined {
  return element.children.filter(isElement).find((child) => child.local === local)
}

export const chartHandlers: ReadonlyMap<string, Handler> = new Map([
  ['c:numRef', reference],
  ['c:strRef', reference],
  ['c:multiLvlStrRef', reference],
  ['c:tx', seriesName],
  ['c:title', label],
  ['c:dLbl', label],
  ['c:trendlineLbl', label],
  ['c:dispUnitsLbl', label],
  ['c:pivotSource', pivotSource],
])
