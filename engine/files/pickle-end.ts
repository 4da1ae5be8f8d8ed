/** Thrown where the bytes end within a pickle: a reader that had only the beginning can fetch more. */
export class PickleEnd extends Error {
  constructor() {
    super('The bytes end within the pickle.')
    this.name = 'PickleEnd'
  }
}
