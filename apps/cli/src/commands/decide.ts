import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { settledForm, errorCode } from '@sekisho/core'
import type { Answer, Form, GivenFacts, Question, TownFacts } from '@sekisho/core'
import { formOf, loadGuideline, settledFacts } from '@sekisho/guideline'
import { conclude, createCompiledJudge, createJudge, mendForm, openViews } from '@sekisho/judge'
import type { AskedFor, Judge } from '@sekisho/judge'
import { renderFindings, visible } from '@sekisho/report'
import { modelDigest, readingsOf, todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { VERSION } from '../version.ts'
import { askForm } from './decide-ask.ts'
import { dueIn } from './decide-due.ts'
import { recordDecision, recordingOf } from './decide-record.ts'
import type { Recorded, Recording } from './decide-record.ts'
import {
  describeForm,
  foundIn,
  listForms,
  noSuchQuestion,
  renderConclusion,
  renderOpen,
  renderUnfit,
  templateOf,
} from './decide-words.ts'

const CODES: Readonly<Record<Answer['result'], ExitCode>> = {
  pass: EXIT.done,
  refuse: EXIT.refused,
  hold: EXIT.held,
}

export const decide: Command = {
  name: 'decide',
  about: '1つの問いに、理由を付けて答えます（通過・保留・差止め）',
  usage: [
    'sekisho decide',
    'sekisho decide classify --town town.yaml',
    'sekisho decide classify --template > REQUEST.json',
    'sekisho decide REQUEST.json --town town.yaml [--json]',
    'sekisho decide - --town town.yaml < REQUEST.json',
    'sekisho decide REQUEST.json --town town.yaml --record DIR --subject 何について [--because 理由] [--supersedes D-1]',
    'sekisho decide --due EVIDENCE_DIR [--json]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', about: 'まちの宣言。モデルと版をここから補います' },
    template: { type: 'boolean', about: '答えを書き入れるひな形を JSON で出します' },
    due: {
      type: 'string',
      value: 'DIR',
      about: '証跡のフォルダから、決めた日を過ぎたか近い判断を並べます（あれば終了コード 3）',
    },
    record: {
      type: 'string',
      value: 'DIR',
      about: '答えを、根拠にした事実とともに、判断としてこのフォルダの証跡に残します',
    },
    subject: { type: 'string', value: 'TEXT', about: '何についての判断か（--record に要ります）' },
    because: { type: 'string', value: 'TEXT', about: '判断の理由' },
    supersedes: {
      type: 'string',
      value: 'D-1',
      about: '前の判断を、理由を添えて置き換えます。前の判断も証跡に残ります',
    },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: loadGuideline().forms.map(({ question }) => question),
  async run(args, terminal) {
    const folder = args.text('due')
    if (folder !== undefined) return dueIn(folder, args, terminal)
    const [target, ...rest] = args.positionals
    if (rest.length > 0) throw new UsageError('問いは1つずつ書いてください。')
    if (target === undefined) {
      terminal.out(listForms(loadGuideline().forms))
      return EXIT.done
    }
    const form = formOf(target)
    if (form && args.on('template')) {
      terminal.out(templateOf(form))
      return EXIT.done
    }
    // Somebody at a terminal is asked; a program is told what could be asked.
    if (form && !process.stdin.isTTY) {
      terminal.out(describeForm(form))
      return EXIT.done
    }
    const recording = recordingOf(args)
    const townFile = args.text('town')
    const town = townFile === undefined ? undefined : await openTown(townFile)
    if (town?.ok === false) return showProblems(townFile!, town.findings, args, terminal)
    const basis =
      town === undefined
        ? undefined
        : {
            model: town.read.town.model,
            edition: town.read.town.edition,
            readings: readingsOf(town.read.town, todayInJapan(new Date())),
          }
    const model = town === undefined ? undefined : modelDigest(town.read.town)
    const filing = recording && model !== undefined ? { recording, model } : undefined
    if (form) {
      if (!basis) throw new UsageError('--town で、まちの宣言を指してください。')
      const given = await askForm(askedForm(form, basis), terminal)
      return concluded({ form, given, town: basis, filing }, args, terminal)
    }
    return judged(target, basis, filing, args, terminal)
  },
}

/** What a reading of the town settles is not asked. */
function askedForm(form: Form, town: AskedFor): Form {
  return settledForm(form, settledFacts(loadGuideline().openPoints, form.question, town))
}

/** What is to be recorded, and of which declaration. */
interface Filing {
  readonly recording: Recording
  readonly model: string
}

async function judged(
  file: string,
  basis: AskedFor | undefined,
  filing: Filing | undefined,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const request = parse(
    file === '-'
      ? await readAll(process.stdin)
      : await readFile(file, 'utf8').catch(notThere(file)),
  )
  const form = typeof request.question === 'string' ? formOf(request.question) : undefined
  if (form) {
    const own = request.facts as Partial<TownFacts>
    const town = (basis ?? { model: own.model, edition: own.edition }) as AskedFor
    return concluded({ form, given: request.facts, town, filing }, args, terminal)
  }
  if (filing) throw new UsageError('証跡に残せるのは、「sekisho decide」が並べる問いの答えです。')
  const asked = typeof request.question === 'string' ? request.question : ''
  if (!loadGuideline().rules.some(({ question }) => question === asked))
    throw new UsageError(
      `問いのファイルの "question" が、問いの名前ではありません。${noSuchQuestion(asked, loadGuideline().forms)}`,
    )
  // The judge validates: whatever a request file holds, the answer is an Answer.
  const answer = createJudge().ask({
    question: request.question,
    facts: {
      ...(basis && { model: basis.model, edition: basis.edition }),
      ...request.facts,
    },
  } as Question)
  if (args.on('json'))
    terminal.out(
      `${JSON.stringify({ sekisho: '1', kind: 'Decision', question: request.question, ...answer })}\n`,
    )
  else terminal.out(findingsOf(answer, file, terminal))
  return CODES[answer.result]
}

/** What a file says that is neither a question nor there. */
function notThere(file: string): (error: unknown) => never {
  return (error) => {
    const missing = errorCode(error) === 'ENOENT'
    if (!missing) throw error
    throw new UsageError(
      `「${visible(file)}」という問いも、ファイルもありません。${noSuchQuestion(file, loadGuideline().forms)}`,
    )
  }
}

interface Asked {
  readonly form: Form
  readonly given: object
  readonly town: AskedFor
  readonly filing: Filing | undefined
}

async function concluded(
  { form, given, town, filing }: Asked,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const judge: Judge = createCompiledJudge()
  const conclusion = conclude(judge, form, town, given as Readonly<Record<string, unknown>>)
  const { answer, facts } = conclusion
  const open = openViews(form, conclusion.open, town)
  const changes = mendForm(judge, form, town, conclusion) ?? []
  // First the record, then the answer. What does not fit the question is no answer to it.
  const recorded =
    filing && answer.basis !== 'error'
      ? await recordDecision(filing.recording, form, conclusion, {
          model: filing.model,
          judge: judge.digest,
        })
      : undefined
  if (args.on('json'))
    terminal.out(
      `${JSON.stringify({
        sekisho: '1',
        kind: 'Decision',
        question: form.question,
        ...answer,
        facts,
        found: foundIn(form, conclusion),
        grounds: conclusion.grounds,
        changes,
        open,
        ...(recorded && { number: recorded.number, index: recorded.index }),
      })}\n`,
    )
  else
    terminal.out(
      findingsOf(answer, form.title, terminal) +
        (answer.basis === 'error'
          ? renderUnfit(form, given as GivenFacts, town.model !== undefined)
          : renderConclusion(form, conclusion, changes) + renderOpen(open)),
    )
  if (filing) terminal.err(recordedText(filing.recording.dir, recorded))
  return CODES[answer.result]
}

const recordedText = (dir: string, recorded: Recorded | undefined): string =>
  recorded === undefined
    ? '答えが問いに合わないので、判断として残していません。直してから、もう一度残してください。\n'
    : `判断 ${recorded.number} として、${visible(dir)} の証跡の${recorded.index}番に残しました。\n`

function findingsOf(answer: Answer, file: string, terminal: Terminal): string {
  return renderFindings('text', answer.findings, {
    file,
    version: VERSION,
    result: answer.result,
    colour: terminal.colour,
  })
}

function parse(source: string): { readonly question: unknown; readonly facts: object } {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw new UsageError('問いのファイルが JSON として読めません。')
  }
  if (typeof value !== 'object' || value === null || !('question' in value)) {
    throw new UsageError('問いのファイルには "question" と "facts" を書いてください。')
  }
  const facts =
    'facts' in value && typeof value.facts === 'object' && value.facts !== null ? value.facts : {}
  return { question: value.question, facts }
}
