/** Scratch of one configuration: a device, or a file (or part of one) to attach to a loop device. */
export type ScratchSlot =
  { kind: 'device'; path: string } | { kind: 'loop'; path: string; offset: number; size: number }

/** The scratch of a run, by driver configuration. */
export interface ScratchSlots {
  slots: Readonly<Record<string, ScratchSlot>>
  /** Gives the space or the device back. */
  release(): Promise<void>
}
