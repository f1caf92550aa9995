import {
  BYTE_ORDER,
  DIFAT_SECTOR,
  DIRECTORY_ENTRY_SIZE,
  END_OF_CHAIN,
  FAT_SECTOR,
  FREE_SECTOR,
  HEADER_DIFAT,
  HEADER_DIFAT_AT,
  HEADER_SIZE,
  MINI_CUTOFF,
  MINI_SECTOR,
  MINI_SHIFT,
  SIGNATURE,
} from './layout.ts'
import type { Node } from './tree.ts'
import { plantTree } from './tree.ts'

/** A stream to be written; the storages on its path come into being with it. */
export interface NewStream {
  /** Names from the root down, joined by `/`: each 1 to 31 UTF-16 units, without `\`, `:` and `!`. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface NewCompoundFile {
  readonly streams: readonly NewStream[]
  /** Class ids of storages by path; `` is the root. As `00020906-0000-0000-C000-000000000046`. */
  readonly clsids?: ReadonlyMap<string, string>
}

const SECTOR = 512
const PER_SECTOR = SECTOR / 4

/**
 * Writes a compound file of version 3 in one canonical form: FAT, directory, mini FAT, mini stream, streams, in this order; no
 * times, no slack but zeros. The same streams give the same bytes. Throws RangeError for a name that the format cannot hold.
 */
export function writeCompoundFile(file: NewCompoundFile): Uint8Array {
  const nodes = plantTree(file)
  const small = nodes.filter(({ bytes }) => bytes && bytes.length > 0 && bytes.length < MINI_CUTOFF)
  const large = nodes.filter(({ bytes }) => bytes && bytes.length >= MINI_CUTOFF)
  const mini = packMini(small)
  const directory = new Uint8Array(wholeSectors(nodes.length * DIRECTORY_ENTRY_SIZE) * SECTOR)
  const runs = [directory, mini.table, mini.stream, ...large.map(({ bytes }) => bytes!)]
  const plan = planSectors(runs.map(({ length }) => wholeSectors(length)))
  const starts = new Map<Node, number>(mini.starts)
  large.forEach((node, index) => starts.set(node, plan.starts[index + 3]!))
  if (mini.stream.length > 0) starts.set(nodes[0]!, plan.starts[2]!)
  nodes.forEach((node, id) => writeEntry(directory, id, node, starts.get(node), mini.stream.length))
  return assemble(runs, plan, mini.table.length > 0)
}

function wholeSectors(bytes: number): number {
  return Math.ceil(bytes / SECTOR)
}

interface Mini {
  readonly stream: Uint8Array
  readonly table: Uint8Array
  readonly starts: ReadonlyMap<Node, number>
}

function packMini(small: readonly Node[]): Mini {
  const starts = new Map<Node, number>()
  const chain: number[] = []
  for (const node of small) {
    starts.set(node, chain.length)
    addChain(chain, Math.ceil(node.bytes!.length / MINI_SECTOR))
  }
  const stream = new Uint8Array(chain.length * MINI_SECTOR)
  for (const [node, start] of starts) stream.set(node.bytes!, start * MINI_SECTOR)
  return { stream, table: tableOf(chain), starts }
}

function addChain(chain: number[], length: number): void {
  for (let left = length; left > 1; left--) chain.push(chain.length + 1)
  if (length > 0) chain.push(END_OF_CHAIN)
}

function tableOf(numbers: readonly number[]): Uint8Array {
  const table = new Uint8Array(wholeSectors(numbers.length * 4) * SECTOR).fill(0xff)
  const view = new DataView(table.buffer)
  numbers.forEach((number, index) => view.setUint32(index * 4, number, true))
  return table
}

interface Plan {
  readonly fatSectors: number
  readonly difatSectors: number
  readonly fat: Uint8Array
  /** First sector of each run; END_OF_CHAIN when it is empty. */
  readonly starts: readonly number[]
}

/** The FAT describes itself, too: its size is the smallest that is large enough. */
function planSectors(lengths: readonly number[]): Plan {
  const content = lengths.reduce((sum, length) => sum + length, 0)
  let fatSectors = 1
  let difatSectors = 0
  while (fatSectors * PER_SECTOR < content + fatSectors + difatSectors) {
    fatSectors++
    difatSectors = Math.ceil(Math.max(0, fatSectors - HEADER_DIFAT) / (PER_SECTOR - 1))
  }
  const chain: number[] = [
    ...Array.from({ length: difatSectors }, () => DIFAT_SECTOR),
    ...Array.from({ length: fatSectors }, () => FAT_SECTOR),
  ]
  const starts = lengths.map((length) => {
    const start = length === 0 ? END_OF_CHAIN : chain.length
    addChain(chain, length)
    return start
  })
  return { fatSectors, difatSectors, fat: tableOf(chain), starts }
}

function writeEntry(
  directory: Uint8Array,
  id: number,
  node: Node,
  start: number | undefined,
  miniSize: number,
): void {
  const view = new DataView(directory.buffer, id * DIRECTORY_ENTRY_SIZE, DIRECTORY_ENTRY_SIZE)
  for (let i = 0; i < node.name.length; i++) view.setUint16(i * 2, node.name.charCodeAt(i), true)
  view.setUint16(64, (node.name.length + 1) * 2, true)
  view.setUint8(66, node.type)
  view.setUint8(67, node.black ? 1 : 0)
  view.setUint32(68, node.left, true)
  view.setUint32(72, node.right, true)
  view.setUint32(76, node.child, true)
  writeClsid(view, 80, node.clsid)
  const size = id === 0 ? miniSize : (node.bytes?.length ?? 0)
  const none = node.bytes || id === 0 ? END_OF_CHAIN : 0
  view.setUint32(116, start ?? none, true)
  view.setUint32(120, size, true)
}

function writeClsid(view: DataView, at: number, clsid: string): void {
  if (clsid === '') return
  const hex = clsid.replaceAll('-', '')
  view.setUint32(at, Number.parseInt(hex.slice(0, 8), 16), true)
  view.setUint16(at + 4, Number.parseInt(hex.slice(8, 12), 16), true)
  view.setUint16(at + 6, Number.parseInt(hex.slice(12, 16), 16), true)
  for (let i = 8; i < 16; i++) {
    view.setUint8(at + i, Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16))
  }
}

function assemble(runs: readonly Uint8Array[], plan: Plan, hasMini: boolean): Uint8Array {
  const { fatSectors, difatSectors, fat, starts } = plan
  const content = runs.reduce((sum, run) => sum + wholeSectors(run.length), 0)
  const file = new Uint8Array(HEADER_SIZE + (difatSectors + fatSectors + content) * SECTOR)
  writeHeader(file, plan, hasMini ? wholeSectors(runs[1]!.length) : 0)
  writeDifat(file, fatSectors, difatSectors)
  file.set(fat, sectorAt(difatSectors))
  runs.forEach((run, index) => {
    if (run.length > 0) file.set(run, sectorAt(starts[index]!))
  })
  return file
}

function sectorAt(number: number): number {
  return HEADER_SIZE + number * SECTOR
}

function writeHeader(file: Uint8Array, plan: Plan, miniFatSectors: number): void {
  const view = new DataView(file.buffer)
  file.set(SIGNATURE)
  view.setUint16(24, 0x3e, true)
  view.setUint16(26, 3, true)
  view.setUint16(28, BYTE_ORDER, true)
  view.setUint16(30, 9, true)
  view.setUint16(32, MINI_SHIFT, true)
  view.setUint32(44, plan.fatSectors, true)
  view.setUint32(48, plan.starts[0]!, true)
  view.setUint32(56, MINI_CUTOFF, true)
  view.setUint32(60, plan.starts[1]!, true)
  view.setUint32(64, miniFatSectors, true)
  view.setUint32(68, plan.difatSectors > 0 ? 0 : END_OF_CHAIN, true)
  view.setUint32(72, plan.difatSectors, true)
}

/** FAT sectors are numbered behind the DIFAT sectors: the first 109 in the header, the rest 127 to a sector. */
function writeDifat(file: Uint8Array, fatSectors: number, difatSectors: number): void {
  const view = new DataView(file.buffer)
  const numberOf = (index: number) => (index < fatSectors ? difatSectors + index : FREE_SECTOR)
  for (let i = 0; i < HEADER_DIFAT; i++) view.setUint32(HEADER_DIFAT_AT + i * 4, numberOf(i), true)
  for (let sector = 0; sector < difatSectors; sector++) {
    const at = sectorAt(sector)
    for (let i = 0; i < PER_SECTOR - 1; i++) {
      view.setUint32(at + i * 4, numberOf(HEADER_DIFAT + sector * (PER_SECTOR - 1) + i), true)
    }
    const last = sector === difatSectors - 1
    view.setUint32(at + SECTOR - 4, last ? END_OF_CHAIN : sector + 1, true)
  }
}
