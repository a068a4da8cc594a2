import type { WorkplacePaths } from './workplace.ts';

/** One namespace of the controller. */
export interface QemuNamespace {
  /** `null` drops writes and reads zeroes; `memory` keeps what is written. Default: `null`. */
  readonly drive?: 'null' | 'memory';
  /** Size in bytes. Default: 1 MiB. */
  readonly bytes?: number;
  /** How long every command takes, in nanoseconds; `null` drives only. Default: no delay. */
  readonly latencyNs?: number;
  /** More properties of `nvme-ns`, for example `logical_block_size`. */
  readonly properties?: QemuProperties;
}

/** Properties of a QEMU device by QEMU's own names; booleans become `on` and `off`. */
export type QemuProperties = Readonly<Record<string, string | number | boolean>>;

/** What QEMU is to emulate. */
export interface QemuMachine {
  /** Namespaces 1, 2 … Default: one of 1 MiB on a `null` drive. */
  readonly namespaces?: readonly QemuNamespace[];
  /** More properties of the `nvme` device: `mqes` (QEMU 9 on), `max_ioqpairs`, `msix_qsize` … */
  readonly device?: QemuProperties;
  /** More words for QEMU's command line, for example `-trace` and `-D`. */
  readonly extraArguments?: readonly string[];
}

const MIB = 1024 * 1024;

/** The sizes in bytes of the files that `memory` drives need, in the order of their namespaces. */
export function driveFileSizes(machine: QemuMachine): number[] {
  return namespaces(machine).filter(isKept).map(size);
}

/** QEMU's arguments, without the program's own name. Throws RangeError for a delay on a `memory` drive. */
export function qemuArguments(machine: QemuMachine, paths: WorkplacePaths, ramBytes: number): string[] {
  const files = paths.drivePaths.values();
  const ram = { 'id': 'm', 'size': ramBytes, 'mem-path': paths.ramPath, 'share': true };
  const controller = { serial: 'nvme-conform', id: 'n0', addr: 4, ...machine.device };
  return [
    ['-no-user-config', '-nodefaults', '-display', 'none', '-monitor', 'none', '-serial', 'none'],
    ['-machine', 'q35,accel=tcg,memory-backend=m', '-m', `size=${ramBytes / MIB}M`],
    ['-object', `memory-backend-file${list(ram)}`],
    ['-bios', paths.romPath],
    ['-qtest', `pipe:${paths.fifoPrefix}`, '-qtest-log', 'none'],
    ['-device', `nvme${list(controller)}`],
    ...namespaces(machine).map((namespace, index) => {
      const id = `d${index + 1}`;
      const file = isKept(namespace) ? files.next().value : undefined;
      const properties = { drive: id, bus: 'n0', nsid: index + 1, ...namespace.properties };
      return ['-drive', drive(namespace, id, file), '-device', `nvme-ns${list(properties)}`];
    }),
    machine.extraArguments ?? [],
  ].flat();
}

function drive(namespace: QemuNamespace, id: string, file: string | undefined): string {
  if (file === undefined) {
    const latency = namespace.latencyNs === undefined ? {} : { 'latency-ns': namespace.latencyNs };
    const kind = { 'driver': 'null-co', 'size': size(namespace), 'read-zeroes': true };
    return `if=none${list({ id, ...kind, ...latency })}`;
  }
  if (namespace.latencyNs !== undefined) throw new RangeError('latencyNs needs a null drive');
  return `if=none${list({ id, 'driver': 'raw', 'file.driver': 'file', 'file.filename': file })}`;
}

function namespaces(machine: QemuMachine): readonly QemuNamespace[] {
  return machine.namespaces ?? [{}];
}

function isKept(namespace: QemuNamespace): boolean {
  return namespace.drive === 'memory';
}

function size(namespace: QemuNamespace): number {
  return namespace.bytes ?? MIB;
}

function list(properties: QemuProperties): string {
  const words = Object.entries(properties).map(([name, value]) => {
    if (typeof value === 'boolean') return `,${name}=${value ? 'on' : 'off'}`;
    return `,${name}=${escape(String(value))}`;
  });
  return words.join('');
}

/** QEMU's option parser ends a value at a comma; a doubled comma stands for one. */
function escape(value: string): string {
  return value.replaceAll(',', ',,');
}
