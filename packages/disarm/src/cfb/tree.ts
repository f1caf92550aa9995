import { MAX_NAME_UNITS, NO_ENTRY, TYPE_ROOT, TYPE_STORAGE, TYPE_STREAM } from './layout.ts'
import type { NewCompoundFile } from './write.ts'

/** An entry of a directory that is being written; its number is its place in the list. */
export interface Node {
  readonly name: string
  readonly type: number
  readonly clsid: string
  readonly bytes: Uint8Array | undefined
  black: boolean
  left: number
  right: number
  child: number
}

/** The directory of a new file, the root first: each storage's entries form a balanced tree ([MS-CFB] 2.6.4). */
export function plantTree(file: NewCompoundFile): readonly Node[] {
  const root = newFolder()
  for (const { path, bytes } of file.streams) addStream(root, path.split('/'), bytes)
  const nodes: Node[] = [newNode('Root Entry', TYPE_ROOT, file.clsids?.get('') ?? '', undefined)]
  const waiting: { readonly id: number; readonly path: string; readonly folder: Folder }[] = [
    { id: 0, path: '', folder: root },
  ]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const first = nodes.length
    const names = [...next.folder.members.keys()].toSorted(byCompoundOrder)
    for (const name of names) {
      const member = next.folder.members.get(name)!
      const path = next.path + name
      const id = nodes.length
      if (member instanceof Uint8Array) nodes.push(newNode(name, TYPE_STREAM, '', member))
      else {
        nodes.push(newNode(name, TYPE_STORAGE, file.clsids?.get(path) ?? '', undefined))
        waiting.push({ id, path: `${path}/`, folder: member })
      }
    }
    nodes[next.id]!.child = balance(nodes, first, nodes.length, 0, levels(names.length))
  }
  return nodes
}

interface Folder {
  readonly members: Map<string, Uint8Array | Folder>
}

function newFolder(): Folder {
  return { members: new Map() }
}

function newNode(name: string, type: number, clsid: string, bytes: Uint8Array | undefined): Node {
  return { name, type, clsid, bytes, black: true, left: NO_ENTRY, right: NO_ENTRY, child: NO_ENTRY }
}

function addStream(root: Folder, path: readonly string[], bytes: Uint8Array): void {
  let folder = root
  path.forEach((name, index) => {
    if (name === '' || name.length > MAX_NAME_UNITS || /[\\:!]/.test(name)) {
      throw new RangeError('compound file: name')
    }
    const known = folder.members.get(name)
    if (index === path.length - 1) {
      if (known) throw new RangeError('compound file: two streams of one name')
      folder.members.set(name, bytes)
    } else if (known instanceof Uint8Array) throw new RangeError('compound file: name')
    else {
      const inner = known ?? newFolder()
      folder.members.set(name, inner)
      folder = inner
    }
  })
}

/** Shorter names first, then by upper-case code units ([MS-CFB] 2.6.4). */
function byCompoundOrder(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  const [left, right] = [a.toUpperCase(), b.toUpperCase()]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Full levels of a balanced tree of so many entries. */
function levels(count: number): number {
  return Math.floor(Math.log2(count + 1))
}

/** Links the sorted nodes from `from` to before `to` and returns their middle. The level that is not full is red. */
function balance(nodes: Node[], from: number, to: number, level: number, full: number): number {
  if (from >= to) return NO_ENTRY
  const middle = (from + to) >> 1
  const node = nodes[middle]!
  node.black = level < full
  node.left = balance(nodes, from, middle, level + 1, full)
  node.right = balance(nodes, middle + 1, to, level + 1, full)
  return middle
}
