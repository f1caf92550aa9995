/**
 * How much a town file may ask of us. A town file may come from anywhere (a vendor, a mail, a copied example), so
 * its size, depth and number of parts are bounded before it is composed: nothing may hang.
 */
import type { WebWatch } from '@sekisho/core'

/** Bytes of UTF-8. 5,000 staff with their terminals write about 1.5 MiB. */
export const MAX_TOWN_BYTES = 5 * 1024 * 1024
/** Tokens of the YAML lexer. A person or a terminal on one line is about 50; 5,000 staff with terminals 600,000. */
export const MAX_TOKENS = 1_000_000
/** Nested `[`, `{` and `-` on the way to one value. A town needs six. */
export const MAX_DEPTH = 24
/** Spaces before a line: indentation nests too, and composing recurses on it. */
export const MAX_INDENT = 200
/** UTF-16 units in one line. */
export const MAX_LINE = 4_000
/** Backslashes in the file: each bad escape costs the parser an error object. */
export const MAX_ESCAPES = 10_000
/** Entries of one list. */
export const MAX_ITEMS = 20_000
/** Flows of one town: every chain compares flows in pairs. */
export const MAX_FLOWS = 5_000
/** Contracts of one town: each is a question to the judge. */
export const MAX_CONTRACTS = 5_000
/** Media and incidents of one town: each is a question to the judge. */
export const MAX_RECORDS = 5_000
/** Persons whose data one incident can be about. */
export const MAX_PERSONS = 200_000_000
/** Hours that a contract may give for telling of an incident. */
export const MAX_HOURS = 10_000
/** Problems listed; one more says how many were left out. */
export const MAX_PROBLEMS = 100
/** Problems worded before the rest is only counted. */
export const MAX_WORDED = 1_000
/** Characters of a name or a sentence in the file. */
export const MAX_TEXT = 400
/** Characters of a value repeated in a message. */
export const MAX_QUOTED = 40
/** Graphemes of the name that a finding begins with. */
export const MAX_LABEL = 200
/** Graphemes of each name where several stand in one label. */
export const MAX_NAME_IN_WAY = 20
/** Staff of one body. */
export const MAX_STAFF = 300_000
/** Days a sealed original may stay on the low side. */
export const MAX_ORIGINAL_DAYS = 366
/** Bytes of one file a gate may be told to take: 1 GiB. */
export const MAX_FILE_BYTES = 1024 * 1024 * 1024
/** Days that a list of destinations may be used after its import. Microsoft announces changes 30 days before. */
export const MAX_LIST_DAYS = 90
/** Days when the town says nothing: a month, and a week to approve the next. */
export const DEFAULT_LIST_DAYS = 38
/** What the watch over a cloud gate goes by where the town says nothing. Measured nowhere: a town sets its own after a month. */
export const WEB_WATCH: WebWatch = {
  hours: { from: '08:00', until: '19:00' },
  closed: [],
  offHoursBytes: 10_000_000,
  spikeTimes: 5,
  spikeBytes: 50_000_000,
  mismatches: 3,
  listDaysLeft: 10,
  seenAs: [],
}
/** Days on which a town is closed beside the usual ones: twenty years of a day a month. */
export const MAX_CLOSED_DAYS = 240
/** Bytes that one person may send to one service in a day: 1 TiB. */
export const MAX_DAILY_BYTES = 1024 ** 4
/** Domains of one list of a mail gate. */
export const MAX_DOMAINS = 100
/** Bytes of one mail a gate may be told to take: 256 MiB. */
export const MAX_MAIL_BYTES = 256 * 1024 * 1024
/** Minutes in which mail outward can be recalled. */
export const MAX_DELAY_MINUTES = 60
/** Crossings in one chain that `chains` lists. */
export const MAX_CHAIN_STEPS = 8
/** Chains that `chains` lists. */
export const MAX_CHAINS = 20
/** Partial chains `chains` may look at before it says its list is not complete. */
export const MAX_CHAIN_VISITS = 20_000
/** Pairs of single hosts `reach` compares before it answers `some` instead of `all`. */
export const MAX_PAIRS = 250_000
/** Edits in one call of `editTown`. */
export const MAX_EDITS = 1_000
