/** The user's own image beside the registry, for as long as a command needs it. */
import { BenchError, usageError } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { OwnImageFacts } from '../contracts/image.ts'
import type { Registry } from '../contracts/plan.ts'
import { unrecordedHost } from '../host/index.ts'
import type { Request } from '../plan/request.ts'
import type { Context } from './context.ts'

/** A registry whose image, where there is one, is closed with it. */
export interface OpenRegistry extends Registry, Disposable {}

/** Returns what a request may name, with its own image where it has one. */
export async function registryFor(
  { image }: Pick<Request, 'image'>,
  context: Context,
): Promise<OpenRegistry> {
  return open(context, unrecordedHost(), image)
}

/** Returns the registry of a plan that was made. Throws `plan.own-image` where another image lies there now. */
export async function registryOfPlan(
  planned: OwnImageFacts | null,
  host: Host,
  context: Context,
): Promise<OpenRegistry> {
  const registry = await open(context, host, planned?.path)
  const found = registry.own?.facts.digest
  if (planned === null || found === planned.digest) return registry
  registry[Symbol.dispose]()
  throw new BenchError(
    `${planned.path} was ${planned.digest} when the plan was made, and is ${found ?? 'gone'}`,
    {
      code: 'plan.own-image',
      hint: 'leave the image as it is until the run has ended',
    },
  )
}

async function open(context: Context, host: Host, path: string | undefined): Promise<OpenRegistry> {
  const registry = await context.registry()
  const own = path === undefined ? null : await context.openImage(host, path)
  return { ...registry, own, [Symbol.dispose]: () => own?.[Symbol.dispose]() }
}

/** Throws a usage error: the image lies on this machine, and a host has no way to it. */
export function refuseImage({ image }: Pick<Request, 'image'>): void {
  if (image === undefined) return
  throw usageError(
    'own-image',
    '--image is read on the machine that measures, and cannot be sent to hosts',
    'copy it to the host, and run bench there',
  )
}
