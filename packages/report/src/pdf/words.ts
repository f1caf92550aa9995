import words from '../../words/pdf.json' with { type: 'json' }

/** Every sentence and word of the document that is not a rule's own. */
export const WORDS = words
