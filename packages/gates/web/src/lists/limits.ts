/** What a file with a list may ask of us. It comes from outside; the real feed of Microsoft 365 has about 60 sets and 200 KB. */

export const MAX_LIST_BYTES = 4 * 1024 * 1024
export const MAX_DESTINATIONS = 2_000
/** Names or ranges of one set. */
export const MAX_NAMES = 1_000
export const MAX_CHANGES = 20_000
export const MAX_NOTE = 1_000
/** Shortest prefixes that one provider may need: more than the widest block of Microsoft 365 (/13, /25). */
export const WIDEST_PREFIX = { 4: 10, 6: 24 } as const
/** Problems told; the rest is counted. */
export const MAX_TOLD = 50
