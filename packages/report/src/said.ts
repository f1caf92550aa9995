import type { Finding } from '@sekisho/core'

/** What a finding says where there is one place for it: its message, and that readings differ where they do. */
export function said({ message, open = [] }: Finding): string {
  return [message, ...open.map(({ sentence }) => sentence)].join('')
}
