/** Kinds of value that any key of town.yaml may have. */
import { CONFIDENTIALITY_LEVELS } from '@sekisho/core'
import { z } from 'zod'
import { readAddress, readRange } from '../address.ts'
import { isDate } from '../date.ts'
import * as limit from '../limits.ts'
import { isDomain, isMailAddress } from '../mail-address.ts'
import { readPorts } from '../ports.ts'
import type { ProblemReason } from '../problem.ts'

/** A check's own reason, unless nothing was written at all: then `TOWN-MISSING` says it better. */
export const because =
  (reason: ProblemReason) =>
  (issue: { readonly input?: unknown }): string | undefined =>
    issue.input === undefined ? undefined : reason
export const text = (label: string) => z.string().min(1).max(limit.MAX_TEXT).describe(label)
export const flag = (label: string) => z.boolean().describe(label)
export const list = <Item extends z.ZodType>(item: Item, label: string, most = limit.MAX_ITEMS) =>
  z.array(item).max(most).describe(label)
export const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  label: string,
  reason: ProblemReason = 'TOWN-VALUE',
) => z.enum(values, { error: because(reason) }).describe(label)
export const whole = (from: number, to: number, label: string) =>
  z.number().int().min(from).max(to).describe(label)
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'TOWN-ID' satisfies ProblemReason)
  .describe('識別名。英小文字、数字、ハイフン。変えないでください。')
export const date = (label: string) =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'TOWN-DATE' satisfies ProblemReason)
    .refine(isDate, 'TOWN-DATE' satisfies ProblemReason)
    .describe(`${label}。2027-03-31 の形。`)
export const mail = (label: string) =>
  z
    .string()
    .refine(isMailAddress, 'TOWN-MAIL' satisfies ProblemReason)
    .describe(`${label}。大文字と小文字は区別しない。`)
export const domain = (label: string) =>
  z
    .string()
    .refine(isDomain, 'TOWN-DOMAIN' satisfies ProblemReason)
    .describe(label)
export const domains = (label: string) =>
  z
    .string()
    .refine((value) => isDomain(value.replace(/^\./u, '')), 'TOWN-DOMAIN' satisfies ProblemReason)
    .describe(label)
export const network = z
  .string()
  .refine((value) => readRange(value) !== undefined, 'TOWN-CIDR' satisfies ProblemReason)
  .describe('ネットワークの範囲。例 192.0.2.0/24')
export const address = z
  .string()
  .refine((value) => readAddress(value) !== undefined, 'TOWN-ADDRESS' satisfies ProblemReason)
  .describe('一つのアドレス。例 192.0.2.10')
export const endpoint = z
  .string()
  .regex(
    /^(zone|system|host|peer):[a-z0-9][a-z0-9-]{0,62}$/,
    'TOWN-ENDPOINT' satisfies ProblemReason,
  )
  .describe('通信の端。zone: system: host: peer: に続けて識別名。')
export const testEnd = z
  .string()
  .regex(
    /^(internet|(zone|system|host|peer):[a-z0-9][a-z0-9-]{0,62})$/,
    'TOWN-ENDPOINT' satisfies ProblemReason,
  )
  .describe('通信の端、または internet。')
export const ports = z
  .union(
    [
      z.literal('any'),
      z
        .array(z.union([z.number().int().min(1).max(65_535), z.string().regex(/^\d+-\d+$/)]))
        .min(1, 'TOWN-PORTS' satisfies ProblemReason)
        .max(100, 'TOWN-PORTS' satisfies ProblemReason),
    ],
    { error: because('TOWN-PORTS') },
  )
  .refine((value) => value === 'any' || readPorts(value) !== undefined, {
    error: 'TOWN-PORTS' satisfies ProblemReason,
  })
  .describe('ポート。[443, "8000-8010"] の形。どれでもよいときだけ any。')
export const paper = { title: text('文書の名前'), date: date('文書の日付') }
export const document = z.strictObject(paper)
export const protocol = choice(['tcp', 'udp', 'icmp'], 'プロトコル。')
export const CLASSES = CONFIDENTIALITY_LEVELS.map((level) => `自治体機密性${level}` as const)
