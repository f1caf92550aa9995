import ja from '../../words/rehearsal.json' with { type: 'json' }

/** Sentences about a gate that only watches, for whoever shows one. */
export const rehearsalWords: typeof ja = ja
