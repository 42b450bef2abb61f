/** Every claim, in the order in which they are shown. One is added to one of these lists. */
import type { Claim } from '../types.ts'
import { copying } from './copying.ts'
import { layers } from './layers.ts'
import { sharing } from './sharing.ts'
import { speed } from './speed.ts'

export const claims: readonly Claim[] = [...copying, ...layers, ...sharing, ...speed]
