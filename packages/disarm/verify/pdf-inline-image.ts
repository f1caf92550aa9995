import { verifyJpeg } from './jpeg.ts'
import { PLACED_NAMES } from './pdf-names.ts'
import type { Site } from './pdf-rule.ts'
import type { Value, ValueReader } from './pdf-value.ts'
import { demand } from './rejection.ts'

const MAX_SIDE = 32_767
const COMPONENTS: Readonly<Record<string, number>> = {
  G: 1,
  DeviceGray: 1,
  CalGray: 1,
  RGB: 3,
  DeviceRGB: 3,
  CMYK: 4,
  DeviceCMYK: 4,
}

/**
 * Reads an inline image from behind `BI` to behind `EI` and its line end. The data are hexadecimal digits, so that no reader can
 * disagree about where the picture ends and instructions begin again.
 */
export function readInlineImage(read: ValueReader, site: Site): void {
  read.expect(' /W ')
  const width = whole(read, 1, MAX_SIDE)
  read.expect(' /H ')
  const height = whole(read, 1, MAX_SIDE)
  const bits = read.accept(' /IM true') ? 1 : bitsPerPixel(read)
  if (read.accept(' /D ')) decodeArray(read)
  read.accept(' /I true')
  const jpeg = read.accept(' /F [/AHx /DCT] ID ')
  if (!jpeg) read.expect(' /F /AHx ID ')
  const data = hexadecimal(read)
  read.expect('\nEI\n')
  if (jpeg) verifyJpeg(data, site.budget, site.where)
  else if (bits !== undefined) {
    demandContent(data.length === height * Math.ceil((width * bits) / 8), read)
  }
}

/** @returns bits of a pixel, or `undefined` when the resources name the colour space. */
function bitsPerPixel(read: ValueReader): number | undefined {
  read.expect(' /CS ')
  const space = read.value(false)
  read.expect(' /BPC ')
  const depth = whole(read, 1, 16)
  demandContent([1, 2, 4, 8, 16].includes(depth), read)
  const components = space.kind === 'name' ? namedSpace(space.value, read) : indexed(space, read)
  return components === undefined ? undefined : components * depth
}

function namedSpace(name: string, read: ValueReader): number | undefined {
  demandContent(!PLACED_NAMES.has(name), read)
  return Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined
}

/** `[/Indexed base high table]`. */
function indexed(space: Value, read: ValueReader): number {
  const [family, base, high, table, ...more] = space.kind === 'array' ? space.items : []
  const fits =
    family?.kind === 'name' &&
    family.value === 'Indexed' &&
    base?.kind === 'name' &&
    !PLACED_NAMES.has(base.value) &&
    high?.kind === 'number' &&
    high.integer &&
    high.value >= 0 &&
    high.value <= 255 &&
    table?.kind === 'string' &&
    more.length === 0
  demandContent(fits, read)
  return 1
}

function decodeArray(read: ValueReader): void {
  const value = read.value(false)
  const fits = value.kind === 'array' && value.items.length <= 8
  demandContent(fits && value.items.every((item) => item.kind === 'number'), read)
}

function whole(read: ValueReader, low: number, high: number): number {
  const word = read.word()
  demandContent(/^[1-9][0-9]{0,5}$/u.test(word), read)
  demandContent(Number(word) >= low && Number(word) <= high, read)
  return Number(word)
}

function hexadecimal(read: ValueReader): Uint8Array {
  const digits = read.until('>')
  demandContent(/^(?:[0-9A-F]{2})*$/u.test(digits), read)
  return Buffer.from(digits, 'hex')
}

function demandContent(condition: boolean, read: ValueReader): void {
  demand(condition, 'VERIFY-PDF-CONTENT', read.where)
}
