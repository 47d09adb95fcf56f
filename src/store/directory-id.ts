/**
 * The directory that a handle is made for. Everything stored hangs on it, so an absent one is a defect that must never
 * reach a statement, where NULL would match nothing and '' might match something.
 *
 * @throws TypeError
 */
export function directoryId(directory: string): string {
  if (typeof directory !== 'string' || directory === '') throw new TypeError('a directory is needed');
  return directory;
}
