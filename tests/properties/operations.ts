import { type Attributes, type Email, ENTERPRISE, Refused } from './model.ts';

/** One operation of a PATCH. Below: what each is on the wire, and what it does. */
export type UserOperation =
  | { readonly kind: 'set'; readonly op: 'add' | 'replace'; readonly name: string; readonly value: string | boolean }
  | { readonly kind: 'clear'; readonly name: string; readonly how: 'remove' | 'null' }
  | { readonly kind: 'merge'; readonly op: 'add' | 'replace'; readonly value: Attributes }
  | { readonly kind: 'add emails'; readonly emails: readonly Email[] }
  | { readonly kind: 'set emails'; readonly emails: readonly Email[] }
  | { readonly kind: 'remove emails'; readonly type: string | undefined }
  | { readonly kind: 'replace email'; readonly type: string; readonly value: string }
  | { readonly kind: 'bad'; readonly operation: Attributes };

export type GroupOperation =
  | { readonly kind: 'rename'; readonly name: string; readonly pathless: boolean }
  | { readonly kind: 'add'; readonly members: readonly number[]; readonly pathless: boolean }
  | { readonly kind: 'set'; readonly members: readonly number[]; readonly pathless: boolean }
  | { readonly kind: 'remove'; readonly members: readonly number[]; readonly how: 'filters' | 'or' | 'values' }
  | { readonly kind: 'remove all' }
  | { readonly kind: 'remove type'; readonly type: 'User' | 'Group' }
  | { readonly kind: 'bad'; readonly operation: Attributes };

export function userOperationOf(operation: UserOperation): Attributes {
  switch (operation.kind) {
    case 'set':
      return { op: operation.op, path: operation.name, value: operation.value };
    case 'clear':
      return operation.how === 'remove'
        ? { op: 'remove', path: operation.name }
        : { op: 'replace', path: operation.name, value: null };
    case 'merge':
      return { op: operation.op, value: operation.value };
    case 'add emails':
      return { op: 'add', path: 'emails', value: operation.emails };
    case 'set emails':
      return { op: 'replace', path: 'emails', value: operation.emails };
    case 'remove emails':
      return { op: 'remove', path: operation.type === undefined ? 'emails' : `emails[type eq "${operation.type}"]` };
    case 'replace email':
      return { op: 'replace', path: `emails[type eq "${operation.type}"].value`, value: operation.value };
    case 'bad':
      return operation.operation;
  }
}

/** RFC 7644 §3.5.2, on a plain object. */
export function applyToUser(operation: UserOperation, attributes: Attributes): void {
  const emails: Email[] = attributes.emails ?? [];
  switch (operation.kind) {
    case 'set':
      put(attributes, operation.name, operation.value);
      return;
    case 'clear':
      put(attributes, operation.name, undefined);
      return;
    case 'merge':
      for (const [name, value] of Object.entries(operation.value)) {
        if (name === 'name') for (const [sub, part] of Object.entries(value)) put(attributes, `name.${sub}`, part);
        else if (name === ENTERPRISE)
          for (const [sub, part] of Object.entries(value)) put(attributes, `${ENTERPRISE}:${sub}`, part);
        else put(attributes, name, value);
      }
      return;
    case 'add emails':
      attributes.emails = onePrimary(emails, operation.emails);
      return;
    case 'set emails':
      attributes.emails = [...operation.emails];
      return;
    case 'remove emails': {
      const left = emails.filter(({ type }) => operation.type !== undefined && type !== operation.type);
      if (operation.type !== undefined && left.length === emails.length) throw new Refused(400);
      attributes.emails = left;
      return;
    }
    case 'replace email': {
      const matched = emails.some(({ type }) => type === operation.type);
      // The table of decisions: created when nothing is of that type.
      if (!matched) attributes.emails = [...emails, { type: operation.type, value: operation.value }];
      else {
        attributes.emails = distinct(
          emails.map((one) => (one.type === operation.type ? { ...one, value: operation.value } : one)),
        );
      }
      return;
    }
    case 'bad':
      throw new Refused(400);
  }
}

/** A new primary address takes it from the one that was. */
function onePrimary(emails: readonly Email[], added: readonly Email[]): Email[] {
  const taken = added.some(({ primary }) => primary === true);
  const kept = taken ? emails.map((one) => (one.primary === true ? { ...one, primary: false } : one)) : emails;
  return distinct([...kept, ...added]);
}

/** RFC 7643 §2.4: no two of the same value and type; what a later one says more, counts. */
function distinct(emails: readonly Email[]): Email[] {
  const kept: Email[] = [];
  for (const one of emails) {
    const same = kept.findIndex(({ value, type }) => value === one.value && type === one.type);
    if (same === -1) kept.push(one);
    else kept[same] = { ...(kept[same] as Email), ...one };
  }
  return kept;
}

function put(attributes: Attributes, path: string, value: unknown): void {
  const inner = path.startsWith(`${ENTERPRISE}:`)
    ? [ENTERPRISE, path.slice(ENTERPRISE.length + 1)]
    : path.includes('.') && path !== ENTERPRISE
      ? path.split('.')
      : [path];
  const [name = '', sub] = inner;
  if (sub === undefined) attributes[name] = value;
  else attributes[name] = { ...attributes[name], [sub]: value };
}

export function groupOperationsOf(operation: GroupOperation, idAt: (place: number) => string): Attributes[] {
  const ids = 'members' in operation ? operation.members.map(idAt) : [];
  const members = ids.map((value) => ({ value }));
  switch (operation.kind) {
    case 'rename':
      return operation.pathless
        ? [{ op: 'replace', value: { displayName: operation.name } }]
        : [{ op: 'replace', path: 'displayName', value: operation.name }];
    case 'add':
      return operation.pathless
        ? [{ op: 'add', value: { members } }]
        : [{ op: 'add', path: 'members', value: members }];
    case 'set':
      return operation.pathless
        ? [{ op: 'replace', value: { members } }]
        : [{ op: 'replace', path: 'members', value: members }];
    case 'remove':
      if (operation.how === 'values') return [{ op: 'remove', path: 'members', value: members }];
      if (operation.how === 'or')
        return [{ op: 'remove', path: `members[${ids.map((id) => `value eq "${id}"`).join(' or ')}]` }];
      return ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
    case 'remove all':
      return [{ op: 'remove', path: 'members' }];
    case 'remove type':
      return [{ op: 'remove', path: `members[type eq "${operation.type}"]` }];
    case 'bad':
      return [operation.operation];
  }
}

export function applyToGroup(
  operation: GroupOperation,
  group: { attributes: Attributes; members: Set<string> },
  { idAt, typeOf }: { idAt: (place: number) => string; typeOf: (id: string) => string | undefined },
): void {
  const ids = 'members' in operation ? operation.members.map(idAt) : [];
  switch (operation.kind) {
    case 'rename':
      group.attributes.displayName = operation.name;
      return;
    case 'add':
      for (const id of ids) group.members.add(id);
      return;
    case 'set':
      group.members = new Set(ids);
      return;
    case 'remove':
      for (const id of ids) group.members.delete(id);
      return;
    case 'remove all':
      group.members.clear();
      return;
    case 'remove type':
      for (const id of group.members) if (typeOf(id) === operation.type) group.members.delete(id);
      return;
    case 'bad':
      throw new Refused(400);
  }
}
