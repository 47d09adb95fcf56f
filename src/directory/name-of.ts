/** What a type's records are told apart by: a user's userName, anything else's displayName. '' where there is none. */
export function nameOf(type: string, resource: Readonly<Record<string, unknown>>): string {
  const name = type === 'User' ? resource.userName : resource.displayName;
  return typeof name === 'string' ? name : '';
}
