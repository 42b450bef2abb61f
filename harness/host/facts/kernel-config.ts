import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readSysfs } from '../../linux/sysfs.ts'

/** Options that decide what is measured or how fast it can be: file systems, block layer, scheduling, mitigations. */
const RELEVANT =
  /^CONFIG_(?:OVERLAY_FS|BTRFS_FS|XFS_|EXT4_|EROFS_FS|FUSE_|BLK_DEV_LOOP|BLK_DEV_DM$|DM_THIN_|DM_SNAPSHOT|PREEMPT|HZ$|NO_HZ|MQ_IOSCHED_|IOSCHED_|BLK_CGROUP|TRANSPARENT_HUGEPAGE|MITIGATION_|CPU_MITIGATIONS|KASAN$|PROVE_LOCKING$|DEBUG_PAGEALLOC$)/

const VULNERABILITIES = '/sys/devices/system/cpu/vulnerabilities'
const VULNERABILITY_NAMES = [
  'meltdown',
  'retbleed',
  'spec_store_bypass',
  'spectre_v1',
  'spectre_v2',
  'mds',
  'l1tf',
]

/** Returns the relevant options of a kernel configuration's text, without `CONFIG_`; one that is not set is left out. */
export function relevantOptions(text: string): Record<string, string> {
  const options: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [name, ...value] = line.split('=')
    if (name !== undefined && value.length > 0 && RELEVANT.test(name)) {
      options[name.replace(/^CONFIG_/, '')] = value.join('=').replace(/^"(.*)"$/, '$1')
    }
  }
  return options
}

/**
 * The running kernel's relevant options, from /proc/config.gz or /boot, and what it does against the processor's
 * vulnerabilities as `vulnerability/NAME`, since that changes the cost of each system call. Empty where the kernel
 * does not tell.
 */
export function readKernelConfig(release: string): Record<string, string> {
  const text = firstText([
    () => gunzipSync(readFileSync('/proc/config.gz')).toString(),
    () => readFileSync(`/boot/config-${release}`, 'utf8'),
    () => readFileSync(`/lib/modules/${release}/config`, 'utf8'),
  ])
  const config = relevantOptions(text ?? '')
  for (const name of VULNERABILITY_NAMES) {
    const answer = readSysfs(`${VULNERABILITIES}/${name}`)
    if (answer !== null) config[`vulnerability/${name}`] = answer
  }
  return config
}

function firstText(sources: readonly (() => string)[]): string | null {
  for (const source of sources) {
    try {
      return source()
    } catch {
      // Not there, or not for us to read: the next one.
    }
  }
  return null
}
