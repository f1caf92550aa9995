import { resolve } from 'node:path'
import type { Arguments, Flag } from '../command.ts'

const FOLDER = '/var/lib/sekisho/firewall'

export const FIREWALL_FLAG: Flag = {
  type: 'string',
  value: 'DIR',
  default: FOLDER,
  about: 'ファイアウォールの機械で、証跡と効いている規則を置くフォルダ',
}

/** Absolute: whoever runs on after this command must find the same folder. */
export const firewallFolder = (args: Arguments): string => resolve(args.text('data') ?? FOLDER)
