import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { BareDriver, completionQueue } from './bare-driver.fixture.ts';
import { QtestChannel } from './channel.ts';
import { ChannelStopped, QemuFailed, QemuUnavailable, TargetDied } from './errors.ts';
import { Mailbox } from './messages.ts';
import { NvmeFunction } from './pci.ts';
import { type QemuOptions, type QemuProcess, startQemu } from './process.ts';
import { findProgram } from './programs.ts';
import { GuestRam } from './ram.ts';

const BINARY = findProgram('qemu-system-x86_64');
const BUFFER = 0x40000;
const MAILBOX = 0x50000;

/** A test that needs QEMU: without it skipped, and seen to be; in CI, where it must be there, a failure. */
function withQemu(name: string, body: (test: Test) => Promise<void>): void {
  const missing = BINARY === undefined && 'qemu-system-x86_64 is not installed';
  if (missing && process.env['CI'] === 'true') t.fail(`${name}: ${missing}`);
  else void t.test(name, { skip: missing }, body);
}

interface Bench {
  readonly qemu: QemuProcess;
  readonly channel: QtestChannel;
  readonly ram: GuestRam;
  readonly nvme: NvmeFunction;
  readonly driver: BareDriver;
}

async function bench(test: Test, options: QemuOptions = {}): Promise<Bench> {
  const qemu = await startQemu(options);
  test.teardown(() => qemu.dispose());
  const channel = new QtestChannel(qemu.fifoPrefix);
  test.teardown(() => channel.close());
  const ram = new GuestRam(qemu.ramPath, qemu.ramBytes);
  test.teardown(() => ram.close());
  const nvme = new NvmeFunction(channel);
  nvme.open();
  return { qemu, channel, ram, nvme, driver: new BareDriver(nvme, ram) };
}

const IDENTIFY = { opcode: 6, prp1: BUFFER, cdw10: 1 };

withQemu('the registers of the controller are read', async (test) => {
  const { nvme, channel } = await bench(test);
  const cap = nvme.readRegister64(0);
  test.comment(`CAP 0x${cap.toString(16)}`);
  test.ok((cap & 0xffffn) >= 1n, 'MQES');
  test.equal((cap >> 32n) & 0xfn, 0n, 'DSTRD');
  if (await isVersion('7.2')) test.equal(cap, 0x0040_1820_0f01_07ffn);
  test.equal(nvme.readRegister32(0), Number(cap & 0xffff_ffffn));
  test.ok(nvme.vectors >= 2);
  test.throws(() => nvme.maskVector(nvme.vectors, true), RangeError);
  test.throws(() => new NvmeFunction(channel).readRegister32(0), { message: /has not been opened/ });
  test.throws(() => channel.batch(['nonsense']), { name: 'QtestError' });
});

withQemu('an Identify completes, and its message lands', async (test) => {
  const { nvme, ram, driver } = await bench(test);
  const mailbox = new Mailbox(ram, MAILBOX, nvme.vectors);
  nvme.setVector(0, mailbox.message(0));
  nvme.maskVector(0, false);
  driver.enable();
  test.equal(driver.run(0, IDENTIFY), 0, 'status');
  test.same(ram.read(completionQueue(0), 16), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0));
  test.match(Buffer.from(ram.read(BUFFER + 4, 20)).toString(), /^nvme-conform +$/, 'the serial number');
  nvme.readRegister32(0); // the message follows the entry at once, but not in the same instant
  test.ok(mailbox.take(0));
  test.notOk(mailbox.take(0));
});

withQemu('a masked vector holds its message back', async (test) => {
  const { nvme, ram, driver } = await bench(test);
  const mailbox = new Mailbox(ram, MAILBOX, nvme.vectors);
  driver.enable();
  for (const mask of ['vector', 'function'] as const) {
    const set = (masked: boolean): void => {
      if (mask === 'vector') nvme.maskVector(0, masked);
      else nvme.maskFunction(masked);
    };
    set(true);
    nvme.setVector(0, mailbox.message(0));
    test.notOk(nvme.pending(0));
    test.equal(driver.run(0, IDENTIFY), 0);
    nvme.readRegister32(0);
    test.ok(nvme.pending(0), `${mask} masked: pending`);
    test.notOk(mailbox.take(0), `${mask} masked: not sent`);
    set(false);
    test.ok(mailbox.take(0), `${mask} unmasked: sent`);
    test.notOk(nvme.pending(0));
  }
});

withQemu('a function level reset leaves a blank function', async (test) => {
  const { nvme, ram, driver } = await bench(test);
  if (!nvme.canReset) {
    test.throws(() => nvme.functionLevelReset(), { name: 'QtestError' });
    return;
  }
  driver.enable();
  nvme.functionLevelReset();
  test.equal(nvme.readRegister32(0x1c) & 1, 0, 'CSTS.RDY');
  test.equal(nvme.readRegister32(0x14) & 1, 0, 'CC.EN');
  ram.write(completionQueue(0), new Uint8Array(4096));
  const again = new BareDriver(nvme, ram);
  again.enable();
  test.equal(again.run(0, IDENTIFY), 0, 'and it works');
});

withQemu('namespaces keep or drop what is written; properties reach the device', async (test) => {
  const { nvme, ram, driver } = await bench(test, {
    namespaces: [{ drive: 'memory' }, { latencyNs: 1000 }, { drive: 'memory', bytes: 8 << 20 }],
    device: { 'max_ioqpairs': 2, 'msix_qsize': 3, 'msix-exclusive-bar': true },
  });
  test.equal(nvme.vectors, 3);
  nvme.maskVector(2, false); // its table is in another BAR
  driver.enable();
  test.equal(driver.run(0, { ...IDENTIFY, cdw10: 2 }), 0);
  test.same(
    [0, 4, 8, 12].map((offset) => ram.read32(BUFFER + offset)),
    [1, 2, 3, 0],
    'active namespaces',
  );
  test.same(driver.createQueuePair(), [0, 0]);
  for (const [nsid, found] of [
    [1, 0x1234],
    [2, 0],
    [3, 0x1234],
  ] as const) {
    ram.write32(BUFFER, 0x1234);
    test.equal(driver.run(1, { opcode: 1, nsid, prp1: BUFFER }), 0, 'Write');
    ram.write32(BUFFER, 0xffff);
    test.equal(driver.run(1, { opcode: 2, nsid, prp1: BUFFER }), 0, 'Read');
    test.equal(ram.read32(BUFFER), found, `namespace ${nsid}`);
  }
});

withQemu('what cannot be started says why, and leaves nothing', async (test) => {
  const root = test.testdir();
  const failed = startQemu({ root, device: { bogus: 1 } });
  await test.rejects(failed, { name: 'QemuFailed', message: /could not be started: .*bogus/ });
  await test.rejects(startQemu({ root, extraArguments: ['-version'] }), QemuFailed);
  await test.rejects(startQemu({ root, startTimeoutMs: -1 }), { message: /no answer within/ });
  await test.rejects(startQemu({ root, ramBytes: 1000 }), RangeError);
  const delayed = { drive: 'memory', latencyNs: 1 } as const;
  await test.rejects(startQemu({ root, namespaces: [delayed] }), RangeError);
  test.same(readdirSync(root), []);
});

void t.test('without QEMU the error says how to install it', async (test) => {
  const absent = startQemu({ binary: 'qemu-system-of-nowhere' });
  await test.rejects(absent, QemuUnavailable);
  const message = /was not found: install .*qemu-system-x86/;
  await test.rejects(startQemu({ binary: '/nowhere/qemu' }), { message });
});

withQemu('nothing is left after dispose, nor after the death of QEMU', async (test) => {
  const root = join(test.testdir({ 'a, b': {} }), 'a, b');
  const disposed = await startQemu({ root, namespaces: [{ drive: 'memory' }] });
  test.equal(readdirSync(root).length, 1);
  disposed.kill();
  disposed.kill();
  await disposed.dispose();
  await disposed.dispose();
  test.same(await disposed.exited, { code: null, signal: 'SIGKILL' });
  test.same(readdirSync(root), []);

  const killed = await startQemu({ root });
  const channel = new QtestChannel(killed.fifoPrefix);
  test.teardown(() => channel.close());
  process.kill(killed.pid, 'SIGKILL');
  test.same(await killed.exited, { code: null, signal: 'SIGKILL' });
  test.same(readdirSync(root), []);
  test.throws(() => channel.roundTrip(), TargetDied);
  test.throws(() => new QtestChannel(killed.fifoPrefix), TargetDied);
  test.ok(isGone(disposed.pid) && isGone(killed.pid));
});

withQemu('the main thread stops the user of a channel', async (test) => {
  const { qemu, channel } = await bench(test);
  qemu.interrupt('out of\ntime');
  test.throws(() => channel.roundTrip(), new ChannelStopped('out of time'));
});

const BLOCKED_WORKER = `
  const { openSync, readSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const answers = openSync(workerData + '.out', 'r+');
  const bytes = Buffer.alloc(64);
  parentPort.postMessage('ready');
  parentPort.postMessage(bytes.toString('latin1', 0, readSync(answers, bytes)));
`;

withQemu('a worker that waits for an answer is freed by the death of QEMU', async (test) => {
  const qemu = await startQemu();
  test.teardown(() => qemu.dispose());
  const worker = new Worker(BLOCKED_WORKER, { eval: true, workerData: qemu.fifoPrefix, execArgv: [] });
  test.same(await once(worker, 'message'), ['ready']);
  const ends = [once(worker, 'message'), once(worker, 'exit')];
  process.kill(qemu.pid, 'SIGKILL');
  test.same(await Promise.all(ends), [['DIED\n'], [0]]);
});

interface Tester {
  readonly child: ChildProcess;
  /** QEMU's process id. */
  readonly pid: number;
}

/** Another process that starts QEMU, and then does what `then` says. */
async function tester(root: string, then: string, path?: string): Promise<Tester> {
  const module = JSON.stringify(new URL('process.ts', import.meta.url).href);
  const options = JSON.stringify({ root, binary: BINARY, namespaces: [{ drive: 'memory' }] });
  const program = `
    import { Worker } from 'node:worker_threads';
    const { startQemu } = await import(${module});
    const qemu = await startQemu(${options});
    console.log(qemu.pid);
    ${then}`;
  const child = spawn(process.execPath, [...process.execArgv, '--input-type=module', '-e', program], {
    env: path === undefined ? process.env : { ...process.env, PATH: path },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, pid: Number(line) };
}

/** A folder for PATH in which only what the cleaning up needs is found, and not setpriv. */
function poorPath(folder: string): string {
  for (const name of ['mkfifo', 'rm']) symlinkSync(findProgram(name) ?? '', join(folder, name));
  return folder;
}

for (const setpriv of ['with', 'without']) {
  withQemu(`nothing is left after SIGKILL of the tester, ${setpriv} setpriv`, async (test) => {
    const { root, path } = folders(test);
    const { child, pid } = await tester(root, '', setpriv === 'with' ? undefined : poorPath(path));
    test.equal(readdirSync(root).length, 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    while (readdirSync(root).length > 0 || !isGone(pid)) await sleep(5);
  });
}

withQemu('process.exit is not held up by a blocked worker and leaves nothing', async (test) => {
  const { root } = folders(test);
  const { child, pid } = await tester(
    root,
    `const options = { eval: true, workerData: qemu.fifoPrefix, execArgv: [] };
    new Worker(${JSON.stringify(BLOCKED_WORKER)}, options).once('message', () => process.exit(3));`,
  );
  test.same(await once(child, 'exit'), [3, null]);
  test.same(readdirSync(root), []);
  while (!isGone(pid)) await sleep(5);
});

withQemu('Ctrl-C reaches the tester, not QEMU', async (test) => {
  const { root } = folders(test);
  const { child, pid } = await tester(root, `process.once('SIGINT', () => qemu.dispose());`);
  if (existsSync('/proc/self/stat')) test.equal(processGroup(pid), pid, 'out of the reach of the terminal');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT'); // as a terminal does: to the group
  test.same(await once(child, 'exit'), [0, null]);
  test.same(readdirSync(root), []);
  test.ok(isGone(pid));
});

function folders(test: Test): { root: string; path: string } {
  const folder = test.testdir({ root: {}, path: {} });
  return { root: join(folder, 'root'), path: join(folder, 'path') };
}

/** Whether a process has ended; one that waits for its parent to notice has. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const status = `/proc/${pid}/stat`;
  return existsSync(dirname(status)) && /\) Z /.test(readFileSync(status, 'latin1'));
}

function processGroup(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1) ?? '';
  return Number(afterName.split(' ')[2]);
}

async function isVersion(version: string): Promise<boolean> {
  const child = spawn(BINARY ?? '', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  return (await text(child.stdout)).includes(` version ${version}.`);
}
