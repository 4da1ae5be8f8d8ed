// What JavaScript and the web's basic classes have got since Node 16 and Chrome 108, as far as this project calls it.
;(() => {
  const add = (owner, name, value) => {
    if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
  }

  for (const prototype of [Array.prototype, Object.getPrototypeOf(Int8Array.prototype)]) {
    add(prototype, 'toSorted', function toSorted(compare) {
      return this.slice().sort(compare)
    })
    add(prototype, 'toReversed', function toReversed() {
      return this.slice().reverse()
    })
    add(prototype, 'with', function withValue(index, value) {
      const copy = this.slice()
      copy[index < 0 ? copy.length + index : index] = value
      return copy
    })
  }
  add(Array.prototype, 'toSpliced', function toSpliced(...changes) {
    const copy = this.slice()
    copy.splice(...changes)
    return copy
  })
  add(Array, 'fromAsync', async (items, map = (item) => item) => {
    const all = []
    for await (const item of items) all.push(await map(item, all.length))
    return all
  })

  add(URL, 'canParse', (address, base) => {
    try {
      return Boolean(new URL(address, base))
    } catch {
      return false
    }
  })

  const groups = (items, keyOf) => {
    const found = new Map()
    let index = 0
    for (const item of items) {
      const key = keyOf(item, index++)
      const group = found.get(key)
      if (group === undefined) found.set(key, [item])
      else group.push(item)
    }
    return found
  }
  add(Map, 'groupBy', groups)
  add(Object, 'groupBy', (items, keyOf) =>
    Object.assign(Object.create(null), Object.fromEntries(groups(items, keyOf)))
  )

  add(Promise, 'withResolvers', function withResolvers() {
    const parts = {}
    parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }))
    return parts
  })

  add(String.prototype, 'isWellFormed', function isWellFormed() {
    try {
      encodeURIComponent(this)
      return true
    } catch {
      return false
    }
  })

  add(AbortSignal, 'any', (signals) => {
    const controller = new AbortController()
    for (const signal of signals) {
      if (signal.aborted) controller.abort(signal.reason)
      else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
    }
    return controller.signal
  })

  const setMethods = {
    union(other) {
      return new Set([...this, ...other.keys()])
    },
    intersection(other) {
      return new Set([...this].filter((item) => other.has(item)))
    },
    difference(other) {
      return new Set([...this].filter((item) => !other.has(item)))
    },
    isSubsetOf(other) {
      return [...this].every((item) => other.has(item))
    },
    isSupersetOf(other) {
      return [...other.keys()].every((item) => this.has(item))
    },
    isDisjointFrom(other) {
      return [...this].every((item) => !other.has(item))
    }
  }
  for (const [name, method] of Object.entries(setMethods)) add(Set.prototype, name, method)
})()
