/** How a module of the user's is told from a model's name: by its path or its ending. */
export function isPlugInPath(name: string): boolean {
  return /^\.{0,2}\/|\.[cm]?[jt]s$/.test(name);
}
