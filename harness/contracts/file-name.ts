/**
 * Names that come from elsewhere (an inventory, a file, a host) and become a component of a path. They are checked where
 * they are read, so that none leads out of the folder that it is meant for.
 */
import { z } from 'zod'

/** Not `.` or `..`, no hidden file, no separator, nothing that a shell or a terminal obeys. Linux takes 255 bytes. */
export const fileNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'cannot be the name of a file' })
  .max(255)

/** A host of an inventory. The id of its job is longer by that of the fleet, and a folder's name as well. */
export const hostNameSchema = fileNameSchema.max(200)
