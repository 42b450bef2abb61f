/** How far what was seen may be from what was to be seen. */

/** Bytes. Smaller files may lie inline in the file system's trees, where FIEMAP counts nothing. */
export const COUNTABLE = 4096
/** Bytes. Below this, journals and the mount's own writes are no longer small beside the file. */
export const LARGE = 16 * 1024 ** 2
/** Least share of a file that a copy must have written. Less than 1, since a block at the end may be shared or a hole. */
export const WHOLE = 0.9
/** Share of a file that must not have been written where nothing should be copied. */
export const NOT_WHOLE = 0.5
/** Largest share of a file that a change of its inode alone may allocate. */
export const NEXT_TO_NOTHING = 0.1
/** Bytes: changes up to this size must leave a large file's other blocks alone. */
export const SMALL_CHANGE = 2 * 4096
