import { join } from 'node:path'
import { kvmAnswerFile } from '../linux/guest/accelerator.ts'

/** Where the lab keeps what it knows; the images lie in the cache. */
export interface LabFolders {
  /** A folder for each machine. */
  vms: string
  /** Ansible inventory of the machines that are up. */
  inventory: string
  /** Private key that logs in to every machine; the public half beside it, `.pub`. */
  clientKey: string
  /** Remembered answer whether KVM works. */
  kvm: string
}

/** `state`: bench's own folder below XDG_STATE_HOME. */
export function labFolders(state: string): LabFolders {
  const at = (name: string) => join(state, 'lab', name)
  return { vms: at('vms'), inventory: at('hosts.yml'), clientKey: at('key'), kvm: kvmAnswerFile(state) }
}

/** Files in the folder of one machine. */
export interface VmFiles {
  folder: string
  record: string
  console: string
  /** Output of QEMU itself, or of User-mode Linux's network. */
  log: string
  /** Copy-on-write over the root of the image. */
  root: string
  /** Links to the files of the image, for User-mode Linux. */
  base: string
  modules: string
  further: string
  scratch: string
  seed: string
  hostKey: string
  knownHosts: string
}

/** QEMU's control socket in the folder; a name alone, since the path of a socket has at most 107 bytes (unix(7)). */
export const QMP_SOCKET = 'qmp'

export function vmFiles(folder: string): VmFiles {
  const at = (name: string) => join(folder, name)
  return {
    folder,
    record: at('vm.json'),
    console: at('console.log'),
    log: at('qemu.log'),
    root: at('root'),
    base: at('base'),
    modules: at('modules'),
    further: at('further'),
    scratch: at('scratch'),
    seed: at('seed'),
    hostKey: at('host_key'),
    knownHosts: at('known_hosts'),
  }
}
