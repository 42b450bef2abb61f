import type { Plan } from '../contracts/plan.ts'
import { absentHere } from '../host/absent.ts'
import { makePlan } from '../plan/plan.ts'
import type { Request } from '../plan/request.ts'
import type { Context } from './context.ts'
import { registryFor } from './own-image.ts'

/** Makes the plan of a request that this machine measures. Throws a usage error for whatever in it is wrong. */
export async function planHere(request: Request, context: Context): Promise<Plan> {
  using registry = await registryFor(request, context)
  return makePlan(request, registry, absentHere())
}
