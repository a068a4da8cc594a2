/** Numbers in sentences: every text that counts something goes through here. */

/** `1 rule`, `1,234 rules`. */
export function count(value: number, noun: string, plural: string = `${noun}s`): string {
  return `${grouped(value)} ${value === 1 ? noun : plural}`;
}

/** `1 entry`, `2 entries` */
export function entries(value: number): string {
  return count(value, 'entry', 'entries');
}

/** `1,234`: the same in every locale, since reports are compared. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
