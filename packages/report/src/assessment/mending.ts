import type { Cure } from '@sekisho/core'
import { BOOK, WHO } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { visible } from '../visible.ts'

/** 「期限を書いてください。（情報担当）」: the cure and who may do it. Nothing for what needs no cure. */
export const mending = (cure: Cure | undefined): string =>
  cure === undefined
    ? ''
    : filled(BOOK.mending, { cure: visible(cure.sentence), who: WHO[cure.who] })
