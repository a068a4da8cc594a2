/** What a misspelt name may have meant. */
import leven from 'leven';
import { quote } from './diagnostic.ts';

/** At most this many names are offered. */
const MOST = 3;

/** The names closest to `word`, closest first; names that begin with it are close. Case does not matter. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  const reach = Math.min(4, Math.ceil(wanted.length / 3));
  const ranked = names
    .map((name) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0]?.distance ?? 0;
  return ranked
    .filter(({ distance }) => distance <= best + 1)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** `did you mean "submit"?`, or all the names if they are few, or nothing. */
export function suggestion(word: string, names: readonly string[]): string | undefined {
  const near = nearest(word, names).map(quote);
  const last = near.pop();
  if (last !== undefined) return `did you mean ${near.length > 0 ? `${near.join(', ')} or ` : ''}${last}?`;
  return names.length > 0 && names.length <= 24 ? `known: ${names.join(', ')}` : undefined;
}

function distance(wanted: string, name: string): number {
  if (wanted.length > 2 && name.startsWith(wanted)) return 1;
  return leven(wanted, name);
}
