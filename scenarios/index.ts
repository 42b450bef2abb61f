/** Every scenario. One is added by its folder and a line here. */
import type { Scenario } from '../harness/contracts/scenario.ts'
import { bigfile } from './bigfile/index.ts'
import { density } from './density/index.ts'
import { exec } from './exec/index.ts'
import { image } from './image/index.ts'
import { layer } from './layer/index.ts'
import { metadata } from './metadata/index.ts'
import { smallwrites } from './smallwrites/index.ts'
import { startup } from './startup/index.ts'
import { tree } from './tree/index.ts'

/** A registry holds scenarios of any parameters; each is given only what its own schema made. */
export const scenarios = [
  bigfile,
  smallwrites,
  startup,
  metadata,
  tree,
  layer,
  image,
  exec,
  density,
] as readonly unknown[] as readonly Scenario[]
