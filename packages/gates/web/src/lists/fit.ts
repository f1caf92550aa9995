import type { z } from 'zod'
import { nearest } from '@sekisho/core'
import type { Findings } from './parts.ts'

/** Fits a value to a shape. Keys that nobody knows are told by name: what we do not understand could be what opens. */
export function fit<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  known: readonly string[],
  findings: Findings,
): z.infer<Shape> | undefined {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  for (const issue of read.error.issues) {
    const path = pathText(issue.path)
    if (issue.code !== 'unrecognized_keys') findings.add('LIST-SHAPE', path)
    else
      for (const key of issue.keys)
        findings.add('LIST-UNKNOWN-KEY', path, {
          value: key,
          known: nearest(key, known) ?? known.join('、'),
        })
  }
  return undefined
}

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('')
