/** Paths on the command line that are empty: as a rule a variable of the shell that is not set. */
import type { Command } from 'commander'
import { usageError } from '../contracts/error.ts'

/** Options that take a path, by the end of their flags. */
const PATH_OPTION = /<(?:dir|file|dev)>$/
/** Arguments that are paths. */
const PATH_ARGUMENTS: ReadonlySet<string> = new Set(['run', 'runs', 'fleet', 'directories'])

/** Throws a usage error that names the first path that is empty. It would stand for the working folder, or for nothing. */
export function refuseEmptyPaths(command: Command): void {
  const options = command.options
    .filter(({ flags }) => PATH_OPTION.test(flags))
    .map((option) => ({
      name: option.long ?? option.flags,
      value: command.getOptionValue(option.attributeName()),
    }))
  const args = command.registeredArguments
    .map((argument, index) => ({ name: argument.name(), value: command.processedArgs[index] as unknown }))
    .filter(({ name }) => PATH_ARGUMENTS.has(name))
  const empty = [...args, ...options].find(({ value }) => [value].flat().includes(''))
  if (empty === undefined) return
  throw usageError('empty-path', `${empty.name} is empty`, 'give a path; is a variable of the shell not set?')
}
