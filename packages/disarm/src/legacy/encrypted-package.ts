import type { CompoundFile } from '../cfb/index.ts'
import { detect } from '../detect.ts'
import type { Rebuilt } from '../family.ts'
import { Context, refuse } from '../family.ts'
import { readAgile } from './crypt/agile.ts'
import { withPassword } from './crypt/password.ts'
import { readStandard } from './crypt/standard.ts'
import { uint16At } from './reading.ts'

/**
 * An Office package behind a password ([MS-OFFCRYPTO] 2.3.4): decrypted, and rebuilt like any other. What comes out is not
 * encrypted, and the report says so.
 */
export function rebuildEncryptedPackage(file: CompoundFile, context: Context): Rebuilt {
  if (isRightsManaged(file)) refuse('RIGHTS')
  const read = (path: string): Uint8Array =>
    file.readStream(file.find(path) ?? refuse('OLE-CFB'), context)
  const open = openerOf(read('EncryptionInfo'), read('EncryptedPackage'), context)
  const plain = withPassword(context, open)
  context.spend(plain.length)
  const found = detect(plain, 'xlsx', new Context({ limits: context.limits }))
  if (!found.ok) return { ok: false, reason: found.reason }
  // Nobody encrypts an encrypted file; a file in a file in a file would only wear us out.
  if (!PACKAGES.has(found.type)) refuse('TYPE-MISMATCH')
  const rebuilt = context.rebuildInstead(plain, found.type)
  if (rebuilt.ok) context.removed('OX-CRYPT')
  return rebuilt
}

const PACKAGES: ReadonlySet<string> = new Set(
  'docx docm dotx dotm xlsx xlsm xltx xltm xlsb pptx pptm potx potm ppsx ppsm'.split(' '),
)

function isRightsManaged(file: CompoundFile): boolean {
  return file.entries.some(({ name }) => /^(?:\u0006)?DRM/.test(name))
}

function openerOf(
  info: Uint8Array,
  encrypted: Uint8Array,
  context: Context,
): (password: string) => Uint8Array | undefined {
  const major = uint16At(info, 0)
  const minor = uint16At(info, 2)
  if (major === 4 && minor === 4) return readAgile(info.subarray(8), encrypted, context)
  if (minor === 2 && major >= 2 && major <= 4) return readStandard(info, encrypted)
  // Extensible encryption: no program writes it.
  return refuse('ENCRYPTED')
}
