import { refuse } from '../family.ts'
import {
  ALLOWED,
  BREAKOUT,
  CLOSES_PARAGRAPH,
  DROPPED,
  FORMATTING,
  GONE_VOID,
  HEADINGS,
  INTEGRATION,
  RENAMED,
  REPORTED,
  VOID,
} from './elements.ts'
import { controlText } from './control.ts'
import { OpenElements } from './open-elements.ts'
import { TableRules } from './table-rules.ts'
import { Tokenizer, isRawText } from './tokenizer.ts'
import type { StartTag, Token } from './tokenizer.ts'
import { element } from './tree.ts'
import type { Element, Page } from './tree.ts'

/** Where the builder says what it left out, and where it looks at the clock. */
export interface BuilderReport {
  readonly removed: (rule: string, where: string) => void
  readonly checkTime: () => void
  /** Text of a style sheet that comes with the page. */
  readonly sheet?: ((href: string) => string | undefined) | undefined
}

/**
 * The tree a browser would build (WHATWG HTML §13.2.6), of the elements that may stay: what goes with all it holds is marked `dropped`,
 * the tags of anything unknown are passed over. Refuses `H-SIZE` beyond the number of nodes.
 */
export function buildPage(text: string, report: BuilderReport): Page {
  return new Builder(text, report).run()
}

/** A page for people has some ten thousand. */
export const MAX_NODES = 300_000

class Builder {
  readonly #tokens: Tokenizer
  readonly #report: BuilderReport
  readonly #open = new OpenElements(element('body'), MAX_NODES)
  readonly #table: TableRules
  readonly #sheets: string[] = []
  #lang = ''
  #title: string | undefined
  #started = false
  #foreign: Element | undefined
  /** How many are open. */
  #templates = 0
  /** A line feed right after `<pre>` is not part of it. */
  #skipLineFeed = false
  #count = 0

  constructor(text: string, report: BuilderReport) {
    this.#tokens = new Tokenizer(text)
    this.#report = report
    this.#table = new TableRules(this.#open, {
      start: (tag) => this.#startInBody(tag),
      end: (name) => this.#endInBody(name),
    })
  }

  run(): Page {
    for (;;) {
      const token = this.#tokens.next(this.#foreign !== undefined && !this.#inIntegration())
      if (!token) break
      if ((++this.#count & 0xff) === 0) this.#report.checkTime()
      if (this.#count > MAX_NODES * 3) refuse('H-SIZE')
      this.#process(token)
    }
    if (this.#open.overflowed > 0) this.#report.removed('H-SIZE', 'depth')
    return {
      body: this.#open.root,
      lang: this.#lang,
      title: this.#title ?? '',
      sheets: this.#sheets,
    }
  }

  #process(token: Token): void {
    const skip = this.#skipLineFeed
    this.#skipLineFeed = false
    switch (token.kind) {
      case 'text':
        return this.#text(skip ? token.data.replace(/^\n/, '') : token.data)
      case 'start':
        return this.#start(token)
      case 'end':
        return this.#end(token.name)
      case 'comment':
        if (!/^doctype\b/i.test(token.data)) this.#report.removed('H-STYLE', 'comment')
    }
  }

  #text(data: string): void {
    if (this.#foreign || this.#templates > 0) return
    const text = this.#started ? data : data.replace(/^[\t\n\f ]+/, '')
    if (text === '') return
    this.#started = true
    this.#table.text(text)
  }

  #start(tag: StartTag): void {
    const { name } = tag
    if (this.#templates > 0) return this.#startInTemplate(name)
    if (this.#foreign && !this.#leaveForeign(name)) return this.#startForeign(tag)
    if (this.#startRoot(tag)) return
    if (name === 'link' && this.#linkedSheet(tag)) return
    const rule = DROPPED.get(name) ?? REPORTED.get(name)
    if (rule !== undefined) this.#report.removed(rule, placeOf(name))
    if (isRawText(name)) return this.#rawText(tag)
    if (name === 'template') this.#templates++
    if (name === 'meta') return this.#meta(tag)
    if (name === 'input') return this.#control(tag)
    if (GONE_VOID.has(name) || name === 'template') return
    this.#started = true
    if (name === 'svg' || name === 'math') return this.#enterForeign(tag)
    if (this.#isKnown(name)) this.#table.start(tag)
    else if (rule === undefined) this.#report.removed('H-STYLE', 'element')
  }

  #isKnown(name: string): boolean {
    return ALLOWED.has(name) || RENAMED.has(name) || DROPPED.has(name)
  }

  /** `html`, `head`, `body`: their attributes count, wherever the tags stand. */
  #startRoot({ name, attributes }: StartTag): boolean {
    if (name === 'html' && this.#lang === '') {
      this.#lang = attributes.get('lang') ?? attributes.get('xml:lang') ?? ''
    }
    if (name === 'body') {
      this.#started = true
      const { root } = this.#open
      for (const [key, value] of attributes) {
        if (!root.attributes.has(key)) root.attributes.set(key, value)
      }
    }
    return name === 'html' || name === 'head' || name === 'body'
  }

  #linkedSheet({ attributes }: StartTag): boolean {
    if (!/\bstylesheet\b/i.test(attributes.get('rel') ?? '')) return false
    const text = this.#report.sheet?.(attributes.get('href') ?? '')
    if (text !== undefined) this.#sheets.push(text)
    return text !== undefined
  }

  #meta({ attributes }: StartTag): void {
    const equiv = attributes.get('http-equiv')?.trim().toLowerCase()
    if (equiv === 'refresh' || equiv === 'set-cookie')
      this.#report.removed('H-EMBED', 'meta refresh')
    const name = attributes.get('name')?.trim().toLowerCase() ?? ''
    if (/^(?:author|generator|progid|originator|copyright|creator)$/.test(name))
      this.#report.removed('OX-META', 'meta')
  }

  #rawText(tag: StartTag): void {
    const { name } = tag
    const text = this.#tokens.rawText(name)
    if (name === 'style') this.#sheets.push(text)
    else if (name === 'title') this.#title ??= text
    else if (name === 'textarea' || name === 'xmp' || name === 'plaintext') {
      this.#started = true
      this.#table.start({ ...tag, attributes: name === 'textarea' ? PRE_WRAP : tag.attributes })
      this.#table.text(text.replace(/^\n/, ''))
      this.#table.end(name)
    }
  }

  /** What a form field showed; the field itself goes. */
  #control({ attributes }: StartTag): void {
    const text = controlText(attributes)
    if (text === '') return
    this.#started = true
    this.#table.text(text)
  }

  #startInBody(tag: StartTag): void {
    const { name } = tag
    const open = this.#open
    if (name === 'form' && open.has('form')) return
    if (CLOSES_PARAGRAPH.has(name)) this.#closeBefore(name)
    if (name === 'option') return this.#option(tag)
    if (name === 'a') this.#closeLink()
    if (name === 'rt' || name === 'rp') {
      if (open.inScope('ruby')) open.impliedEnd()
    } else if (!CLOSES_PARAGRAPH.has(name)) open.reconstruct()
    const item = open.insert(elementOf(tag), VOID.has(elementName(name)))
    if (FORMATTING.has(name)) open.formatting.push(item)
    this.#skipLineFeed = name === 'pre' || name === 'listing'
    if (name === 'table' && open.current === item) this.#table.enter('table')
  }

  #closeBefore(name: string): void {
    const open = this.#open
    if (name === 'li') open.closeItem(['li'])
    if (name === 'dd' || name === 'dt') open.closeItem(['dd', 'dt'])
    open.closeParagraph()
    if (HEADINGS.has(name)) open.closeHeading()
  }

  #closeLink(): void {
    const link = this.#open.formatting.find('a')
    if (!link) return
    this.#endFormatting('a')
    this.#open.formatting.remove(link)
    this.#open.takeOut(link)
  }

  /** Options stand in one line, as a list of what can be chosen. */
  #option(tag: StartTag): void {
    const open = this.#open
    if (open.current.source === 'option') open.pop()
    const { current } = open
    if (current.source === 'select' && current.children.length > 0) open.text('／')
    open.insert(elementOf(tag), false)
  }

  /** A template shows nothing, and what it holds is no part of the page: its rows would not even need a table. */
  #startInTemplate(name: string): void {
    if (name === 'template') this.#templates++
    else if (isRawText(name)) this.#tokens.rawText(name)
    if (name === 'script') this.#report.removed('H-SCRIPT', 'template')
  }

  #end(name: string): void {
    if (this.#templates > 0) {
      if (name === 'template') this.#templates--
      return
    }
    if (this.#foreign && !((name === 'p' || name === 'br') && this.#leaveForeign('p'))) {
      return this.#endForeign(name)
    }
    if (name === 'html' || name === 'head' || name === 'body') return
    if (name === 'br' || name === 'p' || this.#isKnown(name)) this.#table.end(name)
  }

  #endInBody(name: string): void {
    const open = this.#open
    if (name === 'br') {
      open.reconstruct()
      open.insert(element('br'), true)
    } else if (name === 'p') {
      if (!open.inScope('p')) open.insert(element('p'), false)
      open.closeParagraph()
    } else if (name === 'form') open.endForm()
    else if (HEADINGS.has(name)) open.closeHeading()
    else if (FORMATTING.has(name)) this.#endFormatting(name)
    else if (CLOSES_PARAGRAPH.has(name) && !VOID.has(name)) open.endBlock(name)
    else open.endOther(name)
  }

  #endFormatting(name: string): void {
    if (!open8(() => this.#open.adopt(name))) this.#open.endOther(name)
  }

  // --- svg and math: nothing of them is kept, but where they end decides what text is shown

  #enterForeign(tag: StartTag): void {
    if (tag.selfClosing) return
    this.#foreign = this.#open.insert(element(tag.name, new Map(), tag.name, true), false)
  }

  #inIntegration(): boolean {
    return this.#open.above(this.#foreign!).some(({ source }) => INTEGRATION.has(source))
  }

  /** True when this start tag ended the foreign content. */
  #leaveForeign(name: string): boolean {
    if (!BREAKOUT.has(name) || this.#inIntegration()) return false
    this.#open.popTo(this.#foreign!)
    this.#foreign = undefined
    return true
  }

  #startForeign(tag: StartTag): void {
    if (tag.name === 'script') this.#report.removed('H-SCRIPT', 'svg')
    if (tag.selfClosing) return
    if (isRawText(tag.name) && this.#inIntegration()) {
      this.#tokens.rawText(tag.name)
      return
    }
    if (!GONE_VOID.has(tag.name) && !VOID.has(tag.name)) {
      this.#open.insert(element(tag.name, new Map(), tag.name, true), false)
    }
  }

  #endForeign(name: string): void {
    const match = [this.#foreign!, ...this.#open.above(this.#foreign!)].findLast(
      ({ source }) => source === name,
    )
    if (!match) return
    this.#open.popTo(match)
    if (match === this.#foreign) this.#foreign = undefined
  }
}

const PRE_WRAP = new Map([['style', 'white-space:pre-wrap']])

/** The adoption agency runs at most eight times (§13.2.6.4.7). */
function open8(step: () => 'again' | 'done' | 'other'): boolean {
  for (let round = 0; round < 8; round++) {
    const result = step()
    if (result !== 'again') return result === 'done'
  }
  return true
}

function elementName(name: string): string {
  return RENAMED.get(name) ?? name
}

function elementOf({ name, attributes }: StartTag): Element {
  const unseen = name === 'dialog' && !attributes.has('open')
  return element(elementName(name), attributes, name, DROPPED.has(name) || unseen)
}

function placeOf(name: string): string {
  return name.slice(0, 20)
}
