import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

export const completion: Command = {
  name: 'completion',
  about: 'シェルの補完を出します',
  usage: ['sekisho completion bash|zsh|fish|powershell', 'source <(sekisho completion bash)'],
  flags: {},
  words: SHELLS,
  async run(args, terminal) {
    // Imported here: the list of commands imports this file.
    const { COMMANDS } = await import('../commands.ts')
    const shell = SHELLS.find((known) => known === args.positionals[0])
    if (shell === undefined)
      throw new UsageError(`シェルの名前を書いてください（${SHELLS.join('・')}）。`)
    terminal.out(SCRIPTS[shell](COMMANDS))
    return EXIT.done
  },
}

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly Command[]) => string>> =
  {
    bash: (commands) => `# sekisho の補完（bash）
_sekisho() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names(commands)}" -- "$current")); return; fi
  case "$command" in
${commands.map((command) => `    ${command.name}) COMPREPLY=($(compgen -W "${choices(command)}" -- "$current")) ;;`).join('\n')}
  esac
}
complete -o default -F _sekisho sekisho
`,
    zsh: (commands) => `#compdef sekisho
_sekisho() {
  local -a commands
  commands=(
${commands.map((command) => `    '${command.name}:${command.about}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe 'command' commands; return; fi
  case "$words[2]" in
${commands.map((command) => `    ${command.name}) compadd -- ${choices(command)}; _files ;;`).join('\n')}
  esac
}
compdef _sekisho sekisho
`,
    fish: (commands) =>
      `complete -c sekisho -f\n${commands
        .flatMap((command) => [
          `complete -c sekisho -n __fish_use_subcommand -a ${command.name} -d '${command.about}'`,
          ...Object.entries(command.flags).map(
            ([name, flag]) =>
              `complete -c sekisho -n '__fish_seen_subcommand_from ${command.name}' -l ${name} -d '${flag.about}'`,
          ),
        ])
        .join('\n')}\ncomplete -c sekisho -F\n`,
    powershell: (
      commands,
    ) => `Register-ArgumentCompleter -Native -CommandName sekisho -ScriptBlock {
  param($word, $ast, $cursor)
  $table = @{
${commands
  .map(
    (command) =>
      `    '${command.name}' = @(${choices(command)
        .split(' ')
        .filter(Boolean)
        .map((choice) => `'${choice}'`)
        .join(', ')})`,
  )
  .join('\n')}
  }
  $elements = $ast.CommandElements
  $offer = if ($elements.Count -le 2 -and -not $table.ContainsKey("$($elements[1])")) { $table.Keys } else { $table["$($elements[1])"] }
  $offer | Where-Object { $_ -like "$word*" } | Sort-Object | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
  }

function names(commands: readonly Command[]): string {
  return commands.map((command) => command.name).join(' ')
}

function choices(command: Command): string {
  return [
    ...(command.words ?? []),
    ...Object.keys(command.flags).map((flag) => `--${flag}`),
    '--help',
  ].join(' ')
}
