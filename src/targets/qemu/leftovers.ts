/** What must be done, synchronously, were the process to exit now. */
const leftovers = new Set<() => void>();

function clear(): void {
  for (const remove of leftovers) remove();
}

/** Has `remove` called when the process exits (`process.exit`, an uncaught error), until `forget`. */
export function remember(remove: () => void): void {
  if (leftovers.size === 0) process.on('exit', clear);
  leftovers.add(remove);
}

/** Undoes `remember`; idempotent. */
export function forget(remove: () => void): void {
  leftovers.delete(remove);
  if (leftovers.size === 0) process.off('exit', clear);
}
