/**
 * A fleet: one plan taken to several hosts. On disk `fleet.json` (this schema) in a folder of its own, and in it for each
 * host a run folder like any other, `hosts/NAME`, which is brought home while the host measures.
 */
import { z } from 'zod'
import { fileNameSchema, hostNameSchema } from './file-name.ts'

export const FLEET_SCHEMA_VERSION = 1
export const FLEET_FILE = 'fleet.json'
export const HOSTS_FOLDER = 'hosts'

export const fleetHostSchema = z.object({
  name: hostNameSchema.describe('as the inventory calls it'),
  address: z.string().describe('where it was reached: user@address:port, as far as the inventory says'),
  state: z
    .enum(['pending', 'preparing', 'running', 'completed', 'failed', 'interrupted', 'unreachable'])
    .describe(
      'completed: its run came home whole, whatever its cells say; unreachable: it may still be measuring',
    ),
  job: fileNameSchema.nullable().describe('what the host calls its part, for bench host attach and fetch'),
  exitCode: z.number().int().nullable().describe('that of the run on the host'),
  reason: z.string().nullable().describe('why it failed or cannot be reached'),
  hint: z.string().nullable(),
  seconds: z
    .record(z.string(), z.number())
    .describe('what took how long: connect, bundle, begin, measure, fetch'),
})

export const fleetSchema = z.object({
  schema: z.literal(FLEET_SCHEMA_VERSION),
  id: fileNameSchema,
  state: z.enum(['running', 'completed', 'interrupted', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  command: z.string(),
  request: z.record(z.string(), z.unknown()).describe('the options of the run, as they were asked for'),
  hosts: z.array(fleetHostSchema),
})

export type Fleet = z.infer<typeof fleetSchema>
export type FleetHost = z.infer<typeof fleetHostSchema>
