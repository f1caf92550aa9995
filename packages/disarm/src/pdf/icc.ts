/**
 * ICC profiles (ICC.1:2010) are parsed tag by tag and written anew: the tags that colour needs, with an empty description. Header
 * fields that name a device, a maker, a program or a date are zero.
 */

const HEADER = 128
const MAX_TAGS = 128
const MAX_TABLE = 16 * 1024 * 1024
const MAX_CURVE = 65_536

const SPACES: ReadonlyMap<number, string> = new Map([
  [1, 'GRAY'],
  [3, 'RGB '],
  [4, 'CMYK'],
])
const CLASSES = new Set(['scnr', 'mntr', 'prtr', 'spac'])
const POINTS = ['wtpt', 'bkpt', 'rXYZ', 'gXYZ', 'bXYZ']
const CURVES = ['rTRC', 'gTRC', 'bTRC', 'kTRC']
const TABLES = ['A2B0', 'A2B1', 'A2B2']

/** The rebuilt profile, or undefined when it is not one for `components` colours that we understand. */
export function iccProfile(bytes: Uint8Array, components: number): Uint8Array | undefined {
  try {
    return rebuild(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), components)
  } catch (fault) {
    if (fault instanceof RangeError) return undefined
    throw fault
  }
}

type Tag = readonly [string, Buffer]

function rebuild(profile: Buffer, components: number): Buffer | undefined {
  if (!isSane(profile, components)) return undefined
  const source = readTags(profile)
  const tags: Tag[] = []
  for (const [names, clean] of [
    [POINTS, point],
    [CURVES, curve],
    [TABLES, (tag: Buffer) => table(tag, components)],
    [['chad'], matrix],
  ] as const) {
    for (const tagName of names) {
      const tag = source.get(tagName)
      const copy = tag && clean(tag)
      if (copy) tags.push([tagName, copy])
    }
  }
  if (!isComplete(new Set(tags.map(([tagName]) => tagName)), components)) return undefined
  return writeProfile(profile, tags)
}

function signature(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4)
}

function isSane(profile: Buffer, components: number): boolean {
  if (profile.length < HEADER + 4 || signature(profile, 36) !== 'acsp') return false
  const major = profile[8] as number
  const space = signature(profile, 16) === SPACES.get(components)
  const connection = ['XYZ ', 'Lab '].includes(signature(profile, 20))
  return space && connection && CLASSES.has(signature(profile, 12)) && major >= 2 && major <= 4
}

function readTags(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>()
  const count = Math.min(MAX_TAGS, profile.readUInt32BE(HEADER))
  for (let i = 0; i < count; i += 1) {
    const at = HEADER + 4 + 12 * i
    const start = profile.readUInt32BE(at + 4)
    const length = profile.readUInt32BE(at + 8)
    if (start + length > profile.length || length < 8) continue
    tags.set(signature(profile, at), profile.subarray(start, start + length))
  }
  return tags
}

function isComplete(tags: ReadonlySet<string>, components: number): boolean {
  if (!tags.has('wtpt')) return false
  if (tags.has('A2B0')) return true
  if (components === 1) return tags.has('kTRC')
  return (
    components === 3 && [...POINTS.slice(2), ...CURVES.slice(0, 3)].every((each) => tags.has(each))
  )
}

/** 10.31 XYZType with one value. */
function point(tag: Buffer): Buffer | undefined {
  return signature(tag, 0) === 'XYZ ' ? typed('XYZ ', read(tag, 8, 12)) : undefined
}

/** Nine s15Fixed16 numbers. */
function matrix(tag: Buffer): Buffer | undefined {
  return signature(tag, 0) === 'sf32' ? typed('sf32', read(tag, 8, 36)) : undefined
}

function curve(tag: Buffer): Buffer | undefined {
  const length = curveLength(tag, 0)
  return length === undefined ? undefined : typed(signature(tag, 0), read(tag, 8, length - 8))
}

/** 10.6 curveType and 10.18 parametricCurveType. */
function curveLength(bytes: Buffer, at: number): number | undefined {
  if (signature(bytes, at) === 'curv') {
    const count = bytes.readUInt32BE(at + 8)
    return count <= MAX_CURVE ? 12 + 2 * count : undefined
  }
  if (signature(bytes, at) !== 'para') return undefined
  const parameters = [1, 3, 4, 5, 7][bytes.readUInt16BE(at + 8)]
  return parameters === undefined ? undefined : 12 + 4 * parameters
}

function table(tag: Buffer, components: number): Buffer | undefined {
  if (tag[8] !== components || tag[9] !== 3) return undefined
  switch (signature(tag, 0)) {
    case 'mft1':
      return typed('mft1', read(tag, 8, 40 + 256 * components + grid(tag, components, 1) + 768))
    case 'mft2': {
      const inputs = tag.readUInt16BE(48)
      const outputs = tag.readUInt16BE(50)
      if (inputs < 2 || inputs > 4096 || outputs < 2 || outputs > 4096) return undefined
      const length = 44 + 2 * inputs * components + grid(tag, components, 2) + 6 * outputs
      return typed('mft2', read(tag, 8, length))
    }
    case 'mAB ':
      return modern(tag, components)
    default:
      return undefined
  }
}

function grid(tag: Buffer, components: number, width: number): number {
  const size = (tag[10] as number) ** components * 3 * width
  if (size === 0 || size > MAX_TABLE) throw new RangeError('table too large')
  return size
}

/** 10.10 lutAToBType: B curves, matrix, M curves, table, A curves; each present or not. */
function modern(tag: Buffer, components: number): Buffer | undefined {
  const [b, m, middle, lut, a] = [12, 16, 20, 24, 28].map((at) => tag.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const parts = [
    b === 0 ? undefined : curves(tag, b, 3),
    m === 0 ? undefined : read(tag, m, 48),
    middle === 0 ? undefined : curves(tag, middle, 3),
    lut === 0 ? undefined : lookUp(tag, lut, components),
    a === 0 ? undefined : curves(tag, a, components),
  ]
  if (parts[0] === undefined || (parts[3] === undefined && components !== 3)) return undefined
  const head = Buffer.alloc(24)
  head[0] = components
  head[1] = 3
  let at = 32
  const body: Buffer[] = []
  for (const [i, part] of parts.entries()) {
    if (!part) continue
    const whole = padded(part)
    head.writeUInt32BE(at, 4 + 4 * i)
    body.push(whole)
    at += whole.length
  }
  return typed('mAB ', Buffer.concat([head, ...body]))
}

function curves(tag: Buffer, start: number, count: number): Buffer {
  const parts: Buffer[] = []
  let at = start
  for (let i = 0; i < count; i += 1) {
    const length = curveLength(tag, at)
    if (length === undefined) throw new RangeError('no curve')
    parts.push(padded(typed(signature(tag, at), read(tag, at + 8, length - 8))))
    at += (length + 3) & ~3
  }
  return Buffer.concat(parts)
}

function lookUp(tag: Buffer, start: number, components: number): Buffer {
  const precision = tag[start + 16] as number
  if (precision !== 1 && precision !== 2) throw new RangeError('no table')
  let size = 3 * precision
  for (let i = 0; i < components; i += 1) size *= tag[start + i] as number
  if (size === 0 || size > MAX_TABLE) throw new RangeError('table too large')
  const head = Buffer.alloc(20)
  tag.copy(head, 0, start, start + components)
  head[16] = precision
  return Buffer.concat([head, read(tag, start + 20, size)])
}

function read(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new RangeError('tag cut off')
  return bytes.subarray(start, start + length)
}

function typed(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), body])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

function writeProfile(source: Buffer, tags: readonly Tag[]): Buffer {
  const all: Tag[] = [...descriptions(source[8] as number), ...tags]
  const directory = Buffer.alloc(4 + 12 * all.length)
  directory.writeUInt32BE(all.length)
  let at = HEADER + directory.length
  const bodies: Buffer[] = []
  for (const [i, [tagName, body]] of all.entries()) {
    directory.write(tagName, 4 + 12 * i, 'latin1')
    directory.writeUInt32BE(at, 8 + 12 * i)
    directory.writeUInt32BE(body.length, 12 + 12 * i)
    bodies.push(padded(body))
    at += padded(body).length
  }
  return Buffer.concat([writeHeader(source, at), directory, ...bodies])
}

/** 7.2: size, version, class, spaces, signature, intent, illuminant; all else zero. */
function writeHeader(source: Buffer, size: number): Buffer {
  const header = Buffer.alloc(HEADER)
  header.writeUInt32BE(size)
  source.copy(header, 8, 8, 10)
  source.copy(header, 12, 12, 24)
  header.write('acsp', 36, 'latin1')
  header[67] = (source[67] as number) & 3
  header.writeUInt32BE(0x0000f6d6, 68)
  header.writeUInt32BE(0x00010000, 72)
  header.writeUInt32BE(0x0000d32d, 76)
  return header
}

/** Required by the format; ours say nothing. */
function descriptions(major: number): Tag[] {
  if (major >= 4) {
    const empty = Buffer.alloc(8)
    empty.writeUInt32BE(12, 4)
    return [
      ['desc', typed('mluc', empty)],
      ['cprt', typed('mluc', empty)],
    ]
  }
  const blank = Buffer.alloc(82)
  blank.writeUInt32BE(1)
  return [
    ['desc', typed('desc', blank)],
    ['cprt', typed('text', Buffer.from('\0'))],
  ]
}
