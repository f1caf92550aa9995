import type { Command } from './command.ts'
import { account } from './commands/account.ts'
import { apply } from './commands/apply.ts'
import { assess } from './commands/assess.ts'
import { check } from './commands/check.ts'
import { classes } from './commands/classes.ts'
import { cloud } from './commands/cloud.ts'
import { code } from './commands/code.ts'
import { completion } from './commands/completion.ts'
import { cut } from './commands/cut.ts'
import { decide } from './commands/decide.ts'
import { diff } from './commands/diff.ts'
import { disarm } from './commands/disarm.ts'
import { doctor } from './commands/doctor.ts'
import { drift } from './commands/drift.ts'
import { evidence } from './commands/evidence.ts'
import { explain } from './commands/explain.ts'
import { fmt } from './commands/fmt.ts'
import { gate } from './commands/gate.ts'
import { network } from './commands/network.ts'
import { create } from './commands/new.ts'
import { plan } from './commands/plan.ts'
import { probe } from './commands/probe.ts'
import { prove } from './commands/prove.ts'
import { register } from './commands/register.ts'
import { report } from './commands/report.ts'
import { render } from './commands/render.ts'
import { roadmap } from './commands/roadmap.ts'
import { schema } from './commands/schema.ts'
import { serve } from './commands/serve.ts'
import { test } from './commands/test.ts'
import { verifyClean } from './commands/verify-clean.ts'
import { version } from './commands/version.ts'

/** Every command, in the order of the working day. */
export const COMMANDS: readonly Command[] = [
  check,
  assess,
  diff,
  roadmap,
  report,
  test,
  cut,
  decide,
  explain,
  fmt,
  register,
  classes,
  render,
  prove,
  network,
  cloud,
  plan,
  apply,
  drift,
  probe,
  serve,
  gate,
  account,
  code,
  disarm,
  verifyClean,
  evidence,
  create,
  schema,
  completion,
  doctor,
  version,
]
