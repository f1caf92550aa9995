import type { Actor } from '@sekisho/core'
import words from '../words/findings.json' with { type: 'json' }

/** What the one who may carry out a cure is called, in every list and on every page. */
export const WHO: Readonly<Record<Actor, string>> = words.who
