import type { Budget } from './budget.ts'
import { catalog, information, pageNumbers } from './pdf-document.ts'
import { readPdf } from './pdf-file.ts'
import type { PdfFile } from './pdf-file.ts'
import type { Rule, Site, Uses } from './pdf-rule.ts'
import type { Value } from './pdf-value.ts'
import { verifyWork } from './pdf-work.ts'
import { Rejection } from './rejection.ts'

/**
 * Accepts a PDF of the one canonical form in which every dictionary holds only keys of its own allow-list, every stream is of a
 * known kind, and painting every page ends.
 */
export function verifyPdf(bytes: Uint8Array, budget: Budget): void {
  const file = readPdf(bytes)
  const pages = pageNumbers(file.root, { file })
  const walk = new Walk(file, budget, new Set(pages))
  walk.from(file.root, catalog)
  if (file.info !== undefined) walk.from(file.info, information)
  walk.finish()
  verifyWork(file, pages, walk.uses)
}

/** Visits objects with the rule of the place from which they were reached; each pair once. */
class Walk {
  readonly uses = new Map<number, Uses>()
  readonly #file: PdfFile
  readonly #budget: Budget
  readonly #pages: ReadonlySet<number>
  readonly #seen = new Map<number, Set<Rule>>()
  readonly #waiting: (readonly [number: number, rule: Rule])[] = []

  constructor(file: PdfFile, budget: Budget, pages: ReadonlySet<number>) {
    this.#file = file
    this.#budget = budget
    this.#pages = pages
  }

  from(number: number, rule: Rule): void {
    rule({ kind: 'reference', number }, this.#site(0))
  }

  finish(): void {
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      const [number, rule] = next
      rule(this.#object(number), this.#site(number))
    }
  }

  #visit(number: number, rule: Rule): void {
    const rules = this.#seen.get(number) ?? new Set<Rule>()
    this.#seen.set(number, rules)
    if (rules.has(rule)) return
    rules.add(rule)
    this.#waiting.push([number, rule])
  }

  #object(number: number): Value {
    const object = this.#file.objects[number - 1]
    if (object === undefined) throw new Rejection('VERIFY-PDF', `object ${number}`)
    return object
  }

  #site(number: number): Site {
    return {
      file: this.#file,
      budget: this.#budget,
      number,
      where: number === 0 ? 'trailer' : `object ${number}`,
      pages: this.#pages,
      visit: (target, rule) => this.#visit(target, rule),
      uses: (uses) => this.uses.set(number, uses),
    }
  }
}
