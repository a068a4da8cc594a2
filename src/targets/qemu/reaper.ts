import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

// The last line received is the process to kill; an empty one, or one that is not a number, names none. To
// remove once is not always enough: a child the tester was waiting for (mkfifo) may add a file meanwhile.
const SCRIPT = `trap '' HUP INT TERM
pid=
while read -r line; do pid=$line; done
case $pid in ''|*[!0-9]*) ;; *) kill -KILL "$pid" ;; esac
for try in 1 2 3 4 5; do rm -rf -- "$1" && break; sleep 1; done`;

/** A process that outlives the tester by a moment and cleans up after it, even after SIGKILL. */
export interface Reaper {
  /** Names the process to kill when the tester ends; undefined: none. */
  watch(pid: number | undefined): void;
  /** Lets it go: it removes what is left of the directory and ends. */
  release(): void;
}

/**
 * Starts a shell that waits for the end of its standard input, which the kernel closes however this process
 * ends, then kills the watched process and removes `directory`. Start it before the directory exists: there
 * is then no moment at which a SIGKILL leaves something behind. It sits in a session of its own, out of reach
 * of Ctrl-C and of signals to the process group, and does not keep the event loop alive.
 */
export function startReaper(directory: string): Reaper {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {}); // without a shell, SIGKILL of the tester is all that is not covered
  shell.stdin.on('error', () => {});
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return {
    watch(pid) {
      shell.stdin.write(`${pid ?? ''}\n`);
    },
    release() {
      shell.stdin.destroy();
    },
  };
}
