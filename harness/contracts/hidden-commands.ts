/** Names of the commands that only bench itself starts. */

/** The measuring process: `bench __measure`. */
export const MEASURE_COMMAND = '__measure'

/** A detached job on a host: `bench __job VERB`. */
export const JOB_COMMAND = '__job'
