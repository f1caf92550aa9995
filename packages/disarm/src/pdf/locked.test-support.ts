import { createCipheriv, createHash } from 'node:crypto'
import { Rc4 } from '../legacy/crypt/rc4.ts'
import type { Dictionary, Value } from './objects.ts'

const PADDING = Buffer.from(
  '28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A',
  'hex',
)
const OWNER = Buffer.alloc(48, 0x5a)
const PERMISSIONS = -44

/** The encryption dictionary of a file with this user password, as a writer of that revision makes it. */
export function lockedHandler(
  revision: 2 | 3 | 4 | 5,
  password: Uint8Array,
  id: Uint8Array,
  { attachmentsOnly = false } = {},
): Dictionary {
  const name = (value: string): Value => ({ kind: 'name', value })
  const text = (bytes: Uint8Array): Value => ({ kind: 'string', bytes })
  const filter = name(attachmentsOnly ? 'Identity' : 'StdCF')
  const method = name(revision === 5 ? 'AESV3' : 'AESV2')
  const { user, userKey } =
    revision === 5 ? modernUser(password) : classicUser(revision, password, id)
  return dictionary({
    Filter: name('Standard'),
    V: [0, 0, 1, 2, 4, 5][revision]!,
    R: revision,
    Length: 128,
    O: text(OWNER),
    U: text(user),
    OE: text(Buffer.alloc(32)),
    UE: text(userKey),
    P: PERMISSIONS,
    ...(revision < 4 ? {} : { StmF: filter, StrF: filter, EFF: name('StdCF') }),
    ...(revision < 4 ? {} : { CF: dictionary({ StdCF: dictionary({ CFM: method }) }) }),
  })
}

function dictionary(entries: Readonly<Record<string, Value>>): Dictionary {
  return { kind: 'dictionary', entries: new Map(Object.entries(entries)) }
}

/** ISO 32000-1, algorithms 2, 4 and 5. */
function classicUser(revision: number, password: Uint8Array, id: Uint8Array) {
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE(PERMISSIONS)
  const padded = Buffer.concat([password, PADDING]).subarray(0, 32)
  const length = revision === 2 ? 5 : 16
  let key = md5(padded, OWNER.subarray(0, 32), permissions, id).subarray(0, length)
  for (let i = 0; i < (revision === 2 ? 0 : 50); i++) key = md5(key).subarray(0, length)
  if (revision === 2) return { user: new Rc4(key).apply(PADDING), userKey: Buffer.alloc(0) }
  let value: Uint8Array = md5(PADDING, id)
  for (let i = 0; i < 20; i++) value = new Rc4(key.map((byte) => byte ^ i)).apply(value)
  return { user: Buffer.concat([value, Buffer.alloc(16)]), userKey: Buffer.alloc(0) }
}

/** Adobe supplement to ISO 32000, extension level 3. */
function modernUser(password: Uint8Array) {
  const [check, seal] = [Buffer.alloc(8, 1), Buffer.alloc(8, 2)]
  const user = Buffer.concat([sha256(password, check), check, seal])
  const cipher = createCipheriv('aes-256-cbc', sha256(password, seal), Buffer.alloc(16))
  cipher.setAutoPadding(false)
  return { user, userKey: cipher.update(Buffer.alloc(32, 3)) }
}

function md5(...parts: Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest()
}

function sha256(...parts: Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}
