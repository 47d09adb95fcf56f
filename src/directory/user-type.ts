import type { ResourceType } from '../scim/index.ts';

export function userType(types: readonly ResourceType[]): ResourceType {
  const type = types.find(({ name }) => name === 'User');
  if (type === undefined) throw new Error('every directory has users');
  return type;
}
