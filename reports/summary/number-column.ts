/** Numbers in the order in which they came, 8 bytes each: what is kept of a sample, of which there may be a million. */
export class NumberColumn {
  #values = new Float64Array(16)
  #length = 0

  /** Adds a value; an unknown one takes a place too, so that the columns of one cell have their samples at equal indexes. */
  push(value: number | null | undefined): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(Math.ceil(1.5 * this.#length))
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length] = value ?? Number.NaN
    this.#length += 1
  }

  /** All of them; NaN stands where nothing is known. Valid until the next {@link push}. */
  all(): Float64Array {
    return this.#values.subarray(0, this.#length)
  }

  /** Returns the known values, in order. */
  known(): number[] {
    return Array.from(this.all().filter((value) => !Number.isNaN(value)))
  }
}
