/** What a reader of pickles throws while it reads, before the place in the file is put to it. */

/** Thrown where the bytes end within a pickle: a reader that had only the beginning can fetch more. */
export class PickleEnd extends Error {
  constructor() {
    super('The bytes end within the pickle.')
    this.name = 'PickleEnd'
  }
}

/** Thrown for bytes that no pickle of tensors holds; the message says what was found. */
export class PickleFault extends Error {
  constructor(found: string) {
    super(found)
    this.name = 'PickleFault'
  }
}
