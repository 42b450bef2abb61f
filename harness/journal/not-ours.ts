/** Says that what an entry names is another's, so that it makes no sense to try again. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs'
}
