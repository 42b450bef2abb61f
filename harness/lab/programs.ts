import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { LabKind } from './image/types.ts'
import { QEMU } from '../linux/guest/qemu.ts'

/** Programs that run machines, and the Debian packages that contain them. The image builders list their own. */
const PROGRAMS: Readonly<Record<LabKind, Readonly<Record<string, string>>>> = {
  qemu: {
    [QEMU]: 'qemu-system-x86',
    'qemu-img': 'qemu-utils',
    ssh: 'openssh-client',
    'ssh-keygen': 'openssh-client',
  },
  // QEMU is its network.
  uml: { [QEMU]: 'qemu-system-x86', ssh: 'openssh-client', 'ssh-keygen': 'openssh-client' },
}

/** Throws `lab.no-program`, with the packages that hold what is missing. None of it needs root. */
export function requirePrograms(host: Pick<Host, 'which'>, kind: LabKind): void {
  const missing = Object.entries(PROGRAMS[kind]).filter(([program]) => host.which(program) === null)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  throw new BenchError(`not installed: ${missing.map(([program]) => program).join(', ')}`, {
    code: 'lab.no-program',
    hint: `on Debian: apt-get install --no-install-recommends ${packages}`,
    exitCode: ExitCode.hostNotReady,
  })
}
