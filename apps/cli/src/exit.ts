/**
 * Exit codes, printed in `--help`. A refusal is not an error, and an error is never read as "allowed".
 */
export const EXIT = {
  /** Done, passed, allowed. */
  done: 0,
  /** Could not do it: I/O or a bug. */
  failed: 1,
  /** Used wrongly. */
  usage: 2,
  /** Findings, failed tests or a failed proof. */
  findings: 3,
  /** The decision is 差止め. */
  refused: 4,
  /** The decision is 保留. */
  held: 5,
  /** A plan has changes (only with --detailed-exitcode). */
  changes: 10,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_HELP =
  '終了コード: 0 済み・通過　1 できなかった　2 使い方の誤り　3 指摘あり　4 差止め　5 保留　10 変更あり'
