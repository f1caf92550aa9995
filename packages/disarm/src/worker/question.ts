import type { DisarmOptions } from '../engine.ts'
import { MAX_TOOL_REQUESTS, TOOLS, toolKey } from '../family.ts'
import type { ToolRequest } from '../family.ts'

/** What a worker is asked. The body holds the file and then the answers of tools, in the order of `parts`. */
export interface Question extends Omit<DisarmOptions, 'tools' | 'rebuildNested' | 'clock'> {
  readonly extension: string
  readonly parts: readonly Part[]
  /** No further tools will be asked: say how it ends. */
  readonly final: boolean
}

/** One piece of the body: the file itself has no key; a tool that could not has no bytes and `size` −1. */
export interface Part {
  readonly key: string
  readonly size: number
}

export type ToolAnswers = ReadonlyMap<string, Uint8Array | null>

/** Header part and body for a file with what tools said so far. */
export function joinBody(
  input: Uint8Array,
  tools: ToolAnswers,
): { readonly parts: readonly Part[]; readonly body: readonly Uint8Array[] } {
  const parts: Part[] = [{ key: '', size: input.length }]
  const body = [input]
  for (const [key, bytes] of tools) {
    parts.push({ key, size: bytes ? bytes.length : -1 })
    if (bytes) body.push(bytes)
  }
  return { parts, body }
}

/** The reverse, in the worker, which may trust its parent. */
export function splitBody(
  body: Uint8Array,
  parts: readonly Part[],
): { readonly input: Uint8Array; readonly tools: ToolAnswers } {
  let at = 0
  let input: Uint8Array = new Uint8Array()
  const tools = new Map<string, Uint8Array | null>()
  for (const { key, size } of parts) {
    const bytes = size < 0 ? null : body.subarray(at, at + size)
    at += Math.max(0, size)
    if (key !== '') tools.set(key, bytes)
    else if (bytes) input = bytes
  }
  return { input, tools }
}

/**
 * What a worker wants to know from tools, read as if an attacker wrote it: known tools, few questions, sizes that fit. The keys are made here,
 * so that a worker cannot have one question answered with another's answer. `undefined` when it is no such list.
 */
export function readWanted(header: unknown, body: Uint8Array): readonly ToolRequest[] | undefined {
  if (typeof header !== 'object' || header === null || !('wanted' in header)) return undefined
  const { wanted, ...rest } = header
  if (!Array.isArray(wanted) || wanted.length > MAX_TOOL_REQUESTS) return undefined
  if (Object.keys(rest).length > 0) return undefined
  const requests: ToolRequest[] = []
  let at = 0
  for (const one of wanted as unknown[]) {
    const request = readRequest(one, body.subarray(at))
    if (!request) return undefined
    at += request.bytes.length
    requests.push(request)
  }
  return at === body.length && requests.length > 0 ? requests : undefined
}

function readRequest(value: unknown, rest: Uint8Array): ToolRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { tool, size, ...more } = value as Record<string, unknown>
  if (typeof tool !== 'string' || !TOOLS.includes(tool) || Object.keys(more).length > 0)
    return undefined
  if (!Number.isSafeInteger(size) || (size as number) < 1 || (size as number) > rest.length)
    return undefined
  const bytes = rest.subarray(0, size as number)
  return { key: toolKey(tool, bytes), tool, bytes }
}
