import type { Finding } from '@sekisho/core'
import type { RegisterChange, RegisterProblem, TableKey } from '@sekisho/report'

/** The registers of the declaration in force. */
export interface RegistersPage {
  readonly registers: readonly {
    readonly key: TableKey
    readonly name: string
    readonly count: number
  }[]
}

/** One register: the cells of its workbook as words. */
export interface RegisterPage {
  readonly key: TableKey
  readonly name: string
  /** Titles of the columns in which anything is written. */
  readonly columns: readonly string[]
  /** Whether a column holds names or other words that somebody wrote. */
  readonly named: readonly boolean[]
  /** The last column is no part of the declaration: when each flow was last used, by what is on record. */
  readonly used: boolean
  readonly rows: readonly (readonly string[])[]
  readonly found: number
  readonly all: number
  readonly page: number
  readonly pages: number
}

/** What a workbook would change. Nothing is put in force by it. */
export type ImportState = {
  readonly id: string
  readonly name: string
  readonly remove: boolean
} & (
  | { readonly state: 'working'; readonly seconds: number }
  | { readonly state: 'problems'; readonly problems: readonly RegisterProblem[] }
  | {
      readonly state: 'preview'
      readonly counts: Readonly<Record<RegisterChange['effect'], number>>
      readonly changes: readonly {
        readonly effect: RegisterChange['effect']
        readonly sentence: string
        /** Sheet and cell. */
        readonly place?: string
      }[]
      /** Changes that are left out. */
      readonly more: number
      /** What opens and what closes, in sentences. */
      readonly crossings: readonly string[]
      readonly appear: readonly Finding[]
      readonly vanish: readonly Finding[]
      readonly notices: readonly string[]
    }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)
