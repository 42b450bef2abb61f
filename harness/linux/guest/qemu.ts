/** Arguments that every QEMU of this program has. Pure. */

export const QEMU = 'qemu-system-x86_64'

export type Accelerator = 'kvm' | 'tcg'

/** Nothing but what is asked for. */
export const BARE = ['-nodefaults', '-no-user-config', '-display', 'none'] as const

/**
 * Without ERMS and FSRM a translated guest copies memory by other instructions than `rep movsb`, which TCG carries out
 * byte by byte: cached reads are three times as fast.
 */
export function acceleratorArgs(accelerator: Accelerator): string[] {
  return accelerator === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', 'tcg,thread=multi', '-cpu', 'max,-erms,-fsrm']
}

/** A comma in a value is written twice: qemu(1), on options with `key=value`. */
export function escapeOption(value: string): string {
  return value.replaceAll(',', ',,')
}
