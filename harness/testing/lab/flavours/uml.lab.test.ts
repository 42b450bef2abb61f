import { DEVICE_MAPPER, everyTestOf } from './runs.ts'

await everyTestOf('uml', DEVICE_MAPPER)
