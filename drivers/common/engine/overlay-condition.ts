import type { Condition } from '../../../harness/contracts/snapshotter.ts'
import type { MountRow } from '../../../harness/linux/mountinfo.ts'
import { overlayOptionsOf, setByKernel } from '../overlay-parameters.ts'

/**
 * Returns for the witness how an engine's overlay is mounted, with the defaults that the mount table leaves out. A warning where a
 * parameter of the kernel has turned an option on. `text`: the configuration, for the message.
 */
export function overlayCondition(row: MountRow, text: string): Condition {
  const kernels = setByKernel(row.superOptions)
  return {
    details: { mounted: `${row.type} ${shown(row)}` },
    ...(kernels.length === 0 ? {} : { warnings: [otherDefaults(text, kernels)] }),
  }
}

/** Returns the options that say how it stacks, without the directories. */
function shown({ superOptions }: MountRow): string {
  const own = superOptions.split(',').filter((option) => !/^(?:upper|lower|work)dir\+?=/.test(option))
  const all = overlayOptionsOf(superOptions)
  const said = new Set(own.map((option) => option.split('=')[0]))
  const silent = Object.entries(all).filter(([name]) => !said.has(name))
  return [...own, ...silent.map(([name, value]) => `${name}=${value}`)].join(',')
}

function otherDefaults(text: string, options: readonly string[]) {
  return {
    code: 'engine.kernel-default',
    message: `${text} is mounted with ${options.join(' and ')}: a parameter of the kernel's overlay module sets it, and the engine does not ask for anything else`,
  }
}
