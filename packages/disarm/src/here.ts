import { disarmBytes } from './engine.ts'
import { cleanName, extensionOf } from './names.ts'
import type { Disarmed } from './worker/pool.ts'
import { finishDisarmed } from './worker/pool.ts'

/** Disarms without a sandbox: same engine, same report, same name rules. */
export function disarmHere(
  bytes: Uint8Array,
  file: { readonly name: string; readonly password?: string },
): Disarmed {
  const extension = extensionOf(cleanName(file.name).name).toLowerCase()
  const options = file.password === undefined ? {} : { password: file.password }
  return finishDisarmed(disarmBytes(bytes, extension, options), file.name, bytes)
}
