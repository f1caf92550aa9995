/**
 * A program as it goes over the line, as header and body of one frame: its modules, the first of them the one to run. A module of the runtime
 * has its name; one of ours has the sizes of its text and of its compiled form, which follow each other in the body, and says which module it
 * means by each name that it imports.
 */
export type ProgramPart =
  | { readonly builtin: string }
  | {
      readonly text: number
      readonly compiled: number
      readonly imports: Readonly<Record<string, number>>
    }

/**
 * Runs in the worker before anything else and takes the program from standard input. Only the text of this function goes there, on the command
 * line: it must not use anything outside of itself.
 */
async function start(): Promise<void> {
  const { readSync } = process.getBuiltinModule('node:fs')
  const { SourceTextModule, SyntheticModule } = process.getBuiltinModule('node:vm')
  const take = (size: number): Buffer => {
    const bytes = Buffer.allocUnsafeSlow(size)
    for (let at = 0; at < size;) {
      const taken = readSync(0, bytes, at, size - at, null)
      if (taken === 0) process.exit(1)
      at += taken
    }
    return bytes
  }
  const lengths = take(8)
  const parts = JSON.parse(take(lengths.readUInt32BE(0)).toString()) as readonly ProgramPart[]
  const body = take(lengths.readUInt32BE(4))
  let at = 0
  const next = (size: number): Buffer => body.subarray(at, (at += size))
  const modules = parts.map((part, index) => {
    const identifier = String(index)
    if ('builtin' in part) {
      const builtin = process.getBuiltinModule(part.builtin) as unknown as Record<string, unknown>
      // What is only made when it is asked for is nothing that a worker needs, and dear: the whole of Web Crypto, streams of files.
      const names = Object.keys(builtin).filter(
        (name) => !Object.getOwnPropertyDescriptor(builtin, name)?.get,
      )
      return new SyntheticModule(
        names,
        function () {
          for (const name of names) this.setExport(name, builtin[name])
        },
        { identifier },
      )
    }
    const text = next(part.text).toString()
    return new SourceTextModule(text, { identifier, cachedData: next(part.compiled) })
  })
  // All at once: asked name by name, the runtime waits for a promise for each of some thousand imports.
  modules.forEach((module, index) => {
    const part = parts[index]
    if (!(module instanceof SourceTextModule) || !part || !('imports' in part)) return
    const targets = module.moduleRequests.map(
      ({ specifier }) => modules[part.imports[specifier] ?? -1] ?? process.exit(1),
    )
    module.linkRequests(targets)
  })
  const [first] = modules
  if (first instanceof SourceTextModule) first.instantiate()
  await first?.evaluate()
}

/** What the worker's runtime is told to run. */
export const STARTER = `(${start.toString()})()`
