/** `bench lab list | ssh | start | down`. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { BenchError, ExitCode, exitCodeForSignal, usageError } from '../contracts/error.ts'
import { formatSize } from '../contracts/units.ts'
import { allButStarting, down } from '../lab/down.ts'
import { labFolders } from '../lab/folders.ts'
import { remoteHostOf } from '../lab/keys.ts'
import { startAgain } from '../lab/start-again.ts'
import { describeKind, listVms, type Vm } from '../lab/vm-record.ts'
import { programNotStarted } from '../linux/program-errors.ts'
import { stateDirectory } from '../linux/xdg.ts'
import { suggestion } from '../plan/suggest.ts'
import { connectionArgs, remoteCommand } from '../remote/ssh/ssh-args.ts'
import { plainTable } from '../terminal/text-table.ts'
import type { Context } from './context.ts'
import { onSignal } from './on-signal.ts'

const folders = () => labFolders(stateDirectory())

const COLUMNS = ['name', 'state', 'flavour', 'kind', 'kernel', 'memory', 'scratch', 'port'] as const

export function labList(json: boolean, { stdout }: Context): number {
  const vms = listVms(folders())
  if (json) stdout.write(`${JSON.stringify(vms.map(listed), null, 2)}\n`)
  else
    stdout.write(
      vms.length === 0 ? 'no machines: bench lab up\n' : `${plainTable(COLUMNS, vms.map(rowOf))}\n`,
    )
  return ExitCode.done
}

/** Leaves out internals of the lab. */
function listed({ name, folder, state, record }: Vm) {
  if (record === null) return { name, state, folder }
  const { flavour, kind, accelerator, kernelRelease, memory, scratch, port, createdAt } = record
  return { name, state, flavour, kind, accelerator, kernelRelease, memory, scratch, port, createdAt, folder }
}

function rowOf({ name, state, record }: Vm): string[] {
  if (record === null) return [name, state]
  const { flavour, kernelRelease, memory, scratch, port } = record
  return [
    name,
    state,
    flavour,
    describeKind(record),
    kernelRelease ?? '',
    formatSize(memory),
    formatSize(scratch),
    String(port),
  ]
}

/** Logs in, or runs a command; ends with its exit code. */
export async function labSsh(name: string, command: readonly string[]): Promise<number> {
  const vm = vmCalled(name)
  if (vm.record === null || vm.state === 'dead') {
    throw new BenchError(`${name} is not running`, {
      code: 'lab.dead',
      hint: `bench lab start ${name} boots it again, bench lab down ${name} removes what is left of it`,
      exitCode: ExitCode.hostNotReady,
    })
  }
  const host = remoteHostOf(folders(), vm.folder, vm.record)
  const args = [...connectionArgs(host), '--', host.address]
  const remote = command.length === 0 ? [] : [remoteCommand(host, command)]
  const ssh = spawn('ssh', [...args, ...remote], { stdio: 'inherit' })
  // A Ctrl-C is for the command at the other end.
  const unregister = onSignal(() => undefined)
  return new Promise<number>((resolve, reject) => {
    ssh.once('error', (error) => reject(programNotStarted('ssh', error)))
    ssh.once('close', (code, signal) =>
      resolve(code ?? exitCodeForSignal(signal === null ? 0 : constants.signals[signal])),
    )
  }).finally(unregister)
}

/** Starts them one after the other; a signal leaves the one that is just being started dead. */
export async function labStart(names: readonly string[], { stdout, stderr }: Context): Promise<number> {
  const say = (line: string) => void stderr.write(`${line}\n`)
  const stopping = new AbortController()
  let exitCode: number = ExitCode.done
  const unregister = onSignal((signal) => {
    exitCode = exitCodeForSignal(constants.signals[signal])
    stopping.abort(new Error(signal))
  })
  try {
    for (const vm of [...new Set(names)].map(vmCalled)) {
      const { bootSeconds } = await startAgain(vm, { folders: folders(), say, signal: stopping.signal })
      stdout.write(`${vm.name}: booted in ${bootSeconds.toFixed(1)} s\n`)
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    unregister()
  }
  return exitCode
}

export async function labDown(names: readonly string[], all: boolean, { stdout }: Context): Promise<number> {
  if (all === names.length > 0) {
    throw usageError(
      'lab-down',
      all ? 'names and --all exclude each other' : 'no machine is given',
      'give names, or --all',
    )
  }
  const vms = all ? allButStarting(folders()) : [...new Set(names)].map(vmCalled)
  await down(folders(), vms)
  stdout.write(vms.length === 0 ? 'no machines\n' : vms.map(({ name }) => `${name} is gone\n`).join(''))
  return ExitCode.done
}

function vmCalled(name: string): Vm {
  const vms = listVms(folders())
  const vm = vms.find((each) => each.name === name)
  if (vm !== undefined) return vm
  const names = vms.map((each) => each.name)
  throw usageError(
    'lab-name',
    `there is no machine ${name}`,
    names.length === 0 ? 'bench lab up starts one' : suggestion(name, names),
  )
}
