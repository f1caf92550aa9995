/** The code of an error, e.g. `ENOENT` or an SQLSTATE; `undefined` when it has none. */
export function errorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
