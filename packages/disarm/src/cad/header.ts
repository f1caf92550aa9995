import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { Parameter, Parameters } from './parameter.ts'
import { writeParameters } from './parameter.ts'
import { baseName } from './path.ts'
import type { Strings } from './strings.ts'

/** Time that is written for the file's own: readers want one, nobody needs it. */
const NO_TIME = '1980-01-01T00:00:00'

/**
 * Parameters to write for an entity of the header (ISO 10303-21 §8), or `undefined` when it goes. Of `FILE_NAME` the name and the version
 * of the exchange library stay, by which SXF readers know what to expect; author, organisation, program and time go.
 */
export function headerText(
  name: string,
  parameters: Parameters,
  strings: Strings,
  context: Context,
): string | undefined {
  if (name === 'FILE_NAME') return fileName(parameters, strings, context)
  if (name === 'FILE_DESCRIPTION' || name === 'FILE_SCHEMA')
    return writeParameters(parameters, name, strings)
  context.removed('CAD-TOKEN', 'header')
  return undefined
}

function fileName(parameters: Parameters, strings: Strings, context: Context): string {
  const [name, , , , library] = parameters
  if (name?.kind !== 'string') refuse('CAD-TOKEN')
  const own = nameOf(name.raw, strings)
  const version = library?.kind === 'string' && LIBRARY.test(library.raw) ? library.raw : ''
  const text = `('${own}','${NO_TIME}',(''),(''),'${version}','','')`
  if (text !== spelled(parameters)) context.removed('OX-META', 'header')
  return text
}

/** SXF writes its level behind two dollars. */
const LIBRARY = /^[A-Za-z0-9_ .$-]{1,64}$/

function nameOf(raw: string, strings: Strings): string {
  const text = strings.letters(raw, true)
  if (!/[\\/:]/.test(text)) return strings.instance(raw, 'FILE_NAME')
  const base = baseName(text)
  return /^[ -~]*$/.test(base) ? base.replace(/['\\]/g, '') : ''
}

function spelled(parameters: Parameters): string {
  return `(${parameters.map(spelledOne).join(',')})`
}

function spelledOne(parameter: Parameter): string {
  if (parameter.kind === 'plain') return parameter.text
  if (parameter.kind === 'string') return `'${parameter.raw}'`
  return spelled(parameter.items)
}
