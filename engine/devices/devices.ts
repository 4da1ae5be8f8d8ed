/**
 * The devices of this machine and the choice of `auto`: every provider is tried on the method's own
 * product, and the fastest whose numbers agree with the CPU's is kept. One that fails or disagrees is
 * reported with the reason and never used silently.
 */
import { type Provider, providers } from '#engine/common/contract/devices.ts'
import type { DeviceMeasurement, Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { DeviceTrial } from './device-trial.ts'

/** Cosines of a device may differ from the CPU's by this much: what is asked of relative codes at all. */
const tolerance = 1e-5

export type TryDevice = (device: Provider, signal?: AbortSignal) => Promise<DeviceTrial>

export type Devices = {
  /** Tries every provider of this build of onnxruntime anew. */
  measure(signal?: AbortSignal, progress?: (progress: Progress) => void): Promise<DeviceMeasurement[]>
  /** The last measurement, or the first one; it and the one that `auto` needs are the same. */
  known(): Promise<DeviceMeasurement[]>
  /**
   * The provider to use for `auto` or a provider's name; `auto` measures once and remembers.
   * Throws `bad-argument` for another name.
   */
  resolveDevice(name: string): Promise<Provider>
}

/** The providers that this build of onnxruntime knows and that we use, the CPU first. */
async function knownProviders(): Promise<readonly Provider[]> {
  // Loaded here: what needs no device does without onnxruntime.
  const { listSupportedBackends } = await import('onnxruntime-node')
  const names = new Set(listSupportedBackends().map(({ name }) => name))
  return providers.filter((provider) => names.has(provider))
}

function isProvider(name: string): name is Provider {
  return providers.some((provider) => provider === name)
}

function failed(name: Provider, error: unknown): DeviceMeasurement {
  const reason = error instanceof AnchorageError ? (error.detail.found ?? error.message) : String(error)
  return {
    name,
    available: false,
    seconds: null,
    largestDifference: null,
    agrees: false,
    chosen: false,
    note: `Not used: ${reason.trim()}`
  }
}

function describeDifference(name: Provider, difference: number | null): string {
  if (name === 'cpu') return 'is what the others are compared with'
  if (difference === null) return 'answers with values that are no finite numbers'
  return `differs from the CPU by up to ${difference.toExponential(1)}, where ${tolerance} is allowed`
}

function tried(name: Provider, trial: DeviceTrial): DeviceMeasurement {
  const { largestDifference } = trial
  const agrees = largestDifference !== null && largestDifference <= tolerance
  const note = `${agrees ? 'Usable' : 'Not used by auto'}: ${describeDifference(name, largestDifference)}.`
  return { name, available: true, ...trial, agrees, chosen: false, note }
}

/** The fastest that agrees; null where not even the CPU could be tried. */
function fastest(measurements: readonly DeviceMeasurement[]): DeviceMeasurement | null {
  let best: DeviceMeasurement | null = null
  for (const measurement of measurements) {
    const { agrees, seconds } = measurement
    if (agrees && seconds !== null && seconds < (best?.seconds ?? Number.POSITIVE_INFINITY))
      best = measurement
  }
  return best
}

/** The devices, tried with `tryDevice`, which must survive whatever a provider does. */
export function createDevices(tryDevice: TryDevice, given?: readonly Provider[]): Devices {
  let known: Promise<DeviceMeasurement[]> | undefined

  const measure: Devices['measure'] = async (signal, progress) => {
    const candidates = given ?? (await knownProviders())
    const measurements: DeviceMeasurement[] = []
    for (const [index, name] of candidates.entries()) {
      progress?.({ done: index, total: candidates.length, label: `trying ${name}` })
      try {
        measurements.push(tried(name, await tryDevice(name, signal)))
      } catch (error) {
        throwIfCancelled(signal)
        measurements.push(failed(name, error))
      }
    }
    const best = fastest(measurements)
    const result = measurements.map((measurement) => ({ ...measurement, chosen: measurement === best }))
    known = Promise.resolve(result)
    return result
  }

  const measureOnce: Devices['known'] = async () => {
    // Calls at the same time share one measurement; where it fails the next call tries again.
    known ??= measure().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return await known
  }

  return {
    measure,
    known: measureOnce,
    async resolveDevice(name) {
      if (name === 'auto') {
        const best = (await measureOnce()).find(({ chosen }) => chosen)
        return providers.find((name) => name === best?.name) ?? 'cpu'
      }
      if (isProvider(name)) return name
      throw new AnchorageError('bad-argument', `There is no device ${name}.`, {
        found: name,
        expected: ['auto', ...(await knownProviders())].join(', '),
        next: 'Choose one of these; `anchorage doctor` tells what each is good for here.'
      })
    }
  }
}
