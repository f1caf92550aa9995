/**
 * What the town wants done with things that are harmless but may be unwanted: the ASK rows of the threat tables. Each is always
 * reported, whatever is chosen. No choice here lets anything act: what runs or reaches out is never a matter of the profile.
 */
export interface Profile {
  /** Links to web pages and mail addresses: kept when the URL policy allows them, or only their words. */
  readonly links: 'keep' | 'text-only'
  /** Hidden sheets, rows, columns, slides, text and layers. */
  readonly hidden: 'keep' | 'remove'
  /** Tracked changes: kept as they are, or accepted. */
  readonly changes: 'keep' | 'accept'
  /** Comments, and the notes of slides. */
  readonly comments: 'keep' | 'remove'
  /** The title of a document. Authors, times and programs always go. */
  readonly title: 'keep' | 'remove'
  /** The body of a mail. */
  readonly mailBody: 'text' | 'html'
}

export const DEFAULT_PROFILE: Profile = {
  links: 'keep',
  hidden: 'keep',
  changes: 'keep',
  comments: 'keep',
  title: 'remove',
  mailBody: 'html',
}
