/** `anchorage doctor`: versions, providers, devices, and what is missing. */
import type { Command } from 'commander'
import { runInSession } from '../session.ts'

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('show versions and devices, measure each device, and say what is missing')
    .addHelpText('after', '\nExample:\n  $ anchorage doctor')
    .action((_: object, command: Command) =>
      runInSession(command, async ({ engine, signal, output, progress }) => {
        const info = await engine.call('engine.info', {}, { signal })
        const devices = await engine.call('devices.measure', {}, { signal, onProgress: progress.show })
        progress.end()
        output.table(
          ['component', 'version'],
          Object.entries(info.versions).map(([name, version]) => [name, version])
        )
        output.line()
        output.table(
          ['device', 'usable', 'milliseconds', 'largest difference', 'auto', ''],
          devices.map((device) => [
            device.name,
            device.available && device.agrees,
            device.seconds === null ? null : Number((device.seconds * 1000).toPrecision(3)),
            device.largestDifference === null ? null : device.largestDifference.toExponential(1),
            device.chosen,
            device.note
          ])
        )
        output.result({ ...info, devices })
        return undefined
      })
    )
}
