import { prepareSide } from './prepare.ts'
import type { SideConfig } from './host/config.ts'
import { superviseSide } from './supervise.ts'
import type { Side } from './supervise.ts'

/**
 * Runs one side on its own host. The certificates of the link must be in place (`makeLinkCertificates`).
 *
 * @throws SekishoError CONFIG_INVALID with a sentence that says what to do
 */
export async function serveSide(
  config: SideConfig,
  options: { readonly activate?: boolean; readonly say?: (line: string) => void } = {},
): Promise<Side> {
  await prepareSide(config, options.activate)
  return superviseSide(config, options.say ? { say: options.say } : {})
}
