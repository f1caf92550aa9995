/**
 * Exceptions are for bugs and broken surroundings; a refusal is an `Answer`. The union of codes is closed: callers
 * switch over it, messages are for people and may change.
 */
export type SekishoErrorCode =
  | 'BUG'
  | 'CONFIG_INVALID'
  | 'STORE_UNAVAILABLE'
  | 'STORE_CORRUPT'
  | 'STORE_FULL'
  | 'LOG_CORRUPT'
  | 'LINK_DOWN'
  | 'WORKER_FAILED'
  | 'NOT_FOUND'
  | 'TIMEOUT'

export class SekishoError extends Error {
  readonly code: SekishoErrorCode
  constructor(code: SekishoErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SekishoError'
    this.code = code
  }
}
