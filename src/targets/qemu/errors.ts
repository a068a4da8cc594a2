/** QEMU, or a tool its transport stands on, is not installed. The message says how to install it. */
export class QemuUnavailable extends Error {
  override readonly name: string = 'QemuUnavailable';
}

/** QEMU was found but did not come up; the message ends with what it wrote on its standard error. */
export class QemuFailed extends Error {
  override readonly name: string = 'QemuFailed';
}

/** The controller's process has ended: a verdict of its own, never a time-out of the tester. */
export class TargetDied extends Error {
  override readonly name: string = 'TargetDied';
}

/** The main thread asked the thread that uses the channel to give up; `reason` is what it gave. */
export class ChannelStopped extends Error {
  override readonly name: string = 'ChannelStopped';
  readonly reason: string;

  constructor(reason: string) {
    super(`stopped: ${reason}`);
    this.reason = reason;
  }
}

/** The qtest server refused a command, or answered something that is not its protocol. */
export class QtestError extends Error {
  override readonly name: string = 'QtestError';
}
