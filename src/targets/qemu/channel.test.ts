import { spawnSync } from 'node:child_process';
import { constants, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { QtestChannel } from './channel.ts';
import { ChannelStopped, QtestError, TargetDied } from './errors.ts';
import { Mailbox } from './messages.ts';
import { GuestRam } from './ram.ts';

/** The other side of a channel: answers are laid out beforehand, commands are looked at afterwards. */
function script(test: Test, answers: string): { channel: QtestChannel; sent: () => string } {
  const prefix = join(test.testdir(), 'q');
  spawnSync('mkfifo', [`${prefix}.in`, `${prefix}.out`]);
  const flags = constants.O_RDWR | constants.O_NONBLOCK;
  const commands = openSync(`${prefix}.in`, flags);
  writeSync(openSync(`${prefix}.out`, flags), answers);
  const channel = new QtestChannel(prefix);
  test.teardown(() => channel.close());
  return {
    channel,
    sent: () => {
      const bytes = Buffer.alloc(4096);
      return bytes.toString('latin1', 0, readSync(commands, bytes));
    },
  };
}

void t.test('each access is one command and one answer', async (test) => {
  const answers = ['0xab', '0xabcd', '0xffffffff', '0xffffffffffffffff', '0x80000000'];
  const reads = answers.map((answer) => `OK ${answer}\n`).join('');
  const { channel, sent } = script(test, reads + 'OK\n'.repeat(5));
  test.equal(channel.readb(16), 0xab);
  test.equal(channel.readw(16), 0xabcd);
  test.equal(channel.readl(16), 0xffffffff, 'unsigned');
  test.equal(channel.readq(16), 0xffff_ffff_ffff_ffffn);
  test.equal(channel.inl(0xcfc), 0x80000000);
  channel.writeb(16, 0x1ff);
  channel.writew(16, -1);
  channel.writel(0xe0001000, -1);
  channel.writeq(16, -1n);
  channel.outl(0xcf8, 0x80002000);
  const commands = [
    'readb 0x10, readw 0x10, readl 0x10, readq 0x10, inl 0xcfc',
    'writeb 0x10 0xff, writew 0x10 0xffff, writel 0xe0001000 0xffffffff',
    'writeq 0x10 0xffffffffffffffff, outl 0xcf8 0x80002000',
  ];
  test.equal(sent(), `${commands.join(', ').replaceAll(', ', '\n')}\n`);
});

void t.test('interrupt notices are not answers', async (test) => {
  const { channel } = script(test, 'IRQ raise 3\nOK 0x1\nIRQ lower 3\nIRQ raise 3\nOK\n');
  test.equal(channel.readl(0), 1);
  channel.roundTrip();
});

void t.test('a batch is one write', async (test) => {
  const { channel, sent } = script(test, 'OK\nOK 0x7\nOK\nFAIL no\nOK\nOK 0x8\n');
  test.same(channel.batch([]), []);
  test.same(channel.batch(['writel 0x0 0x1', 'readl 0x0']), ['', '0x7']);
  test.equal(sent(), 'writel 0x0 0x1\nreadl 0x0\n');
  test.throws(() => channel.batch(['a', 'b', 'c']), new QtestError("'b' was answered 'FAIL no'"));
  test.equal(channel.readl(0), 8, 'in step after a refusal');
  test.throws(() => channel.batch(Array.from({ length: 103 }, () => 'endianness')), RangeError);
});

void t.test('a refused command', async (test) => {
  const { channel } = script(test, "FAIL Unknown command 'readl'\nOKAY\nOK 0x2\n");
  test.throws(() => channel.readl(0), QtestError);
  test.throws(() => channel.readl(0), QtestError, 'no answer of this protocol');
  test.equal(channel.readl(0), 2);
});

void t.test('the death of the target and a stop end the channel for good', async (test) => {
  const died = script(test, 'OK 0x1\nDIED\n').channel;
  test.equal(died.readl(0), 1, 'what was answered before still counts');
  for (let times = 0; times < 2; times += 1) test.throws(() => died.readl(0), TargetDied);
  test.throws(() => died.batch(['endianness']), TargetDied);
  await test.test('stop', async (inner) => {
    const stopped = script(inner, 'STOP out of time\n').channel;
    const stop = new ChannelStopped('out of time');
    for (let times = 0; times < 2; times += 1) inner.throws(() => stopped.roundTrip(), stop);
    stopped.close();
    stopped.close();
    inner.throws(() => stopped.roundTrip(), { message: 'the channel is closed' });
  });
  test.throws(() => new QtestChannel(join(test.testdirName, 'none')), TargetDied, 'already gone');
});

void t.test('guest RAM is bytes, little-endian, and ends where it ends', async (test) => {
  const path = join(test.testdir(), 'ram');
  writeFileSync(path, new Uint8Array(4096));
  const ram = new GuestRam(path, 4096);
  test.teardown(() => ram.close());
  ram.write32(4092, -2);
  test.equal(ram.read32(4092), 0xfffffffe);
  test.same(ram.read(4090, 6), Uint8Array.of(0, 0, 0xfe, 0xff, 0xff, 0xff));
  ram.write(0, Uint8Array.of(1, 2));
  test.equal(ram.read32(0), 0x0201);
  test.throws(() => ram.read32(4093), RangeError);
  test.throws(() => ram.read(-1, 2), RangeError);
  test.throws(() => ram.write(4095, new Uint8Array(2)), RangeError);

  const mailbox = new Mailbox(ram, 0, 3);
  test.equal(ram.read32(0), 0, 'emptied');
  test.notOk(mailbox.take(2));
  const { address, data } = mailbox.message(2);
  test.equal(address, 8);
  ram.write32(address, data);
  ram.write32(address, data);
  test.notOk(mailbox.take(1), 'another vector');
  test.ok(mailbox.take(2), 'two messages are one');
  test.notOk(mailbox.take(2));
  test.throws(() => mailbox.take(3), RangeError);
});
