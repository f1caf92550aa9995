import ja from '../../words/lists.json' with { type: 'json' }

/** Sentences about lists, for whoever shows one. */
export const listWords: Pick<typeof ja, 'diff' | 'leftOut' | 'standing' | 'standingCure'> = ja
