/** What belongs to directories: each of these tables leads with the column `directory`. */
export type TableNames = ReadonlySet<string>;

/** Whether a value (`?`, `?1`, PostgreSQL's `$1`) is one that the directory is bound to. */
type IsDirectory = (placeholder: string) => boolean;

/**
 * What is wrong with a statement: a sentence for each table in it that is not held to one directory. A table is, when a
 * condition that always holds says so:
 *
 *     WHERE r.directory = ?                                         one directory, bound as a value
 *     … JOIN memberships m ON m.directory = r.directory             the one that r is held to
 *     INSERT INTO keys (directory, …) VALUES (?, …)                 written into one
 *
 * What it cannot read (a RIGHT JOIN, a table where none is expected) is wrong too.
 */
export function unbound(sql: string, tables: TableNames, isDirectory: IsDirectory = () => true): string[] {
  return checkQuery(grouped(tokensOf(sql)), { tables, isDirectory, outer: new Set() });
}

type Node = string | readonly Node[];

interface Reading {
  readonly tables: TableNames;
  readonly isDirectory: IsDirectory;
  /** Aliases of the queries around this one that are held to a directory. */
  readonly outer: ReadonlySet<string>;
}

function tokensOf(sql: string): string[] {
  if (/--|\/\*/.test(sql)) throw new Error('a statement with a comment is not read');
  const tokens =
    sql.match(/'(?:[^']|'')*'|"[^"]*"|\?\d*|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|->>|->|<>|<=|>=|\|\||\S/g) ?? [];
  return tokens.map((token) => (token.startsWith('"') ? token.slice(1, -1) : token));
}

/** Parentheses, and CASE … END, as lists within the list. */
function grouped(tokens: readonly string[]): readonly Node[] {
  const open: Node[][] = [[]];
  for (const token of tokens) {
    const isCase = token.toUpperCase() === 'CASE';
    if (token === '(' || isCase) open.push(isCase ? ['CASE'] : []);
    else if (token === ')' || token.toUpperCase() === 'END') {
      const group = open.pop();
      if (group === undefined || open.length === 0) throw new Error('a parenthesis closes nothing');
      open.at(-1)?.push(group);
    } else open.at(-1)?.push(token);
  }
  const [all] = open;
  if (all === undefined || open.length > 1) throw new Error('a parenthesis is not closed');
  return all;
}

function checkQuery(nodes: readonly Node[], reading: Reading): string[] {
  const insert = nodes.findIndex((node) => isWord(node, 'INSERT', 'REPLACE'));
  if (insert !== -1)
    return [...checkPart(nodes.slice(0, insert), reading), ...checkInsert(nodes.slice(insert), reading)];
  return split(nodes, 'UNION', 'INTERSECT', 'EXCEPT').flatMap((part) => checkPart(part, reading));
}

interface Table {
  readonly table: string;
  readonly alias: string;
}

/** `(SELECT * FROM …) r`: its rows are those of one table, and have its directory. */
interface Derived {
  readonly query: readonly Node[];
  readonly alias: string;
}

interface Condition {
  readonly nodes: Node[];
  /** ON of a LEFT JOIN says nothing of the tables before it: their rows come all the same. */
  readonly only: string | undefined;
}

interface Part {
  readonly used: Table[];
  readonly derived: Derived[];
  readonly conditions: Condition[];
  readonly groups: (readonly Node[])[];
  readonly faults: string[];
}

const CONDITION = ['ON', 'WHERE'];
const ELSEWHERE = ['SELECT', 'SET', 'VALUES', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'RETURNING', 'DO', 'WINDOW'];
const JOINS = ['FROM', 'JOIN', 'INTO', 'UPDATE'];
const NO_ALIAS = [
  ...CONDITION,
  ...ELSEWHERE,
  ...JOINS,
  'CROSS',
  'INNER',
  'LEFT',
  'OUTER',
  'INDEXED',
  'NOT',
  'CONFLICT',
];
const UNREADABLE = ['RIGHT', 'FULL', 'NATURAL', 'USING'];

function checkPart(nodes: readonly Node[], reading: Reading): string[] {
  const { used, derived, conditions, groups, faults } = readPart(nodes, reading.tables);
  const hidden = new Set([...used, ...derived].map(({ alias }) => alias));
  const outer = new Set([...reading.outer].filter((alias) => !hidden.has(alias)));
  for (const { query, alias } of derived) if (isOfOneDirectory(query, reading)) outer.add(alias);
  const terms = conditions.flatMap(({ nodes, only }) => conjuncts(nodes).map((term) => ({ term, only })));
  const bound = boundAliases(used, terms, { ...reading, outer });
  for (const { table, alias } of used) {
    if (!bound.has(alias)) faults.push(`${table} ${alias} is not held to a directory`);
  }
  const inner = { ...reading, outer: new Set([...outer, ...bound]) };
  return [...faults, ...groups.flatMap((group) => checkGroup(group, inner))];
}

function isOfOneDirectory(query: readonly Node[], reading: Reading): boolean {
  const [select, all, from, table] = query;
  const isWhole = isWord(select, 'SELECT') && all === '*' && isWord(from, 'FROM');
  if (!isWhole || typeof table !== 'string' || !reading.tables.has(table)) return false;
  return readPart(query, reading.tables).used.length === 1 && checkQuery(query, reading).length === 0;
}

function checkGroup(group: readonly Node[], reading: Reading): string[] {
  if (isWord(group[0], 'SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE')) return checkQuery(group, reading);
  return group.flatMap((node, index) => {
    if (typeof node !== 'string') return checkGroup(node, reading);
    return isStray(group, index, reading.tables) ? [`${node} stands where no table is looked for`] : [];
  });
}

/** The tables of one SELECT, UPDATE or DELETE, and the conditions that hold for every row of it. */
function readPart(nodes: readonly Node[], tables: TableNames): Part {
  const part: Part = { used: [], derived: [], conditions: [], groups: [], faults: [] };
  let condition: Condition | undefined;
  let among = false;
  let left: string | undefined;
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index] as Node;
    const word = typeof node === 'string' ? node.toUpperCase() : '';
    const isJoin = JOINS.includes(word) && !(word === 'FROM' && isWord(nodes[index - 1], 'DISTINCT'));
    if (isJoin || (among && word === ',')) {
      if (word === 'UPDATE' && isWord(nodes[index + 1], 'SET')) continue;
      condition = undefined;
      among = true;
      // Stays so when what is joined is none of the tables.
      left = isWord(nodes[index - 1], 'LEFT', 'OUTER') ? '' : undefined;
      const place = index + (isWord(nodes[index + 1], 'LATERAL') ? 2 : 1);
      const [next, name] = [nodes[place], nodes[place + 1]];
      if (typeof next === 'object' && typeof name === 'string' && isAlias(name)) {
        part.derived.push({ query: next, alias: name });
      }
      if (typeof next !== 'string' || !tables.has(next)) continue;
      index += 1;
      const after = nodes[index + 1];
      const alias = typeof after === 'string' && isAlias(after) ? after : next;
      part.used.push({ table: next, alias });
      if (left !== undefined) left = alias;
    } else if (CONDITION.includes(word)) {
      condition = { nodes: [], only: word === 'ON' ? left : undefined };
      part.conditions.push(condition);
      among = word === 'ON';
    } else if (['CROSS', 'INNER', 'LEFT', 'OUTER'].includes(word)) {
      condition = undefined;
    } else if (UNREADABLE.includes(word)) part.faults.push(`${word} is a join that is not read`);
    else if (ELSEWHERE.includes(word)) {
      condition = undefined;
      among = false;
      if (word === 'SET' && setsDirectory(nodes.slice(index + 1))) part.faults.push('SET moves a row to a directory');
    } else {
      if (isStray(nodes, index, tables)) part.faults.push(`${node} stands where no table is looked for`);
      condition?.nodes.push(node);
      if (typeof node !== 'string') part.groups.push(node);
    }
  }
  return part;
}

function isAlias(word: string): boolean {
  return /^[a-z]\w*$/i.test(word) && !NO_ALIAS.includes(word.toUpperCase()) && word.toUpperCase() !== 'AS';
}

function isStray(nodes: readonly Node[], index: number, tables: TableNames): boolean {
  const node = nodes[index];
  return typeof node === 'string' && tables.has(node) && nodes[index + 1] !== '.';
}

function setsDirectory(nodes: readonly Node[]): boolean {
  const end = nodes.findIndex((node) => isWord(node, 'WHERE', 'FROM', 'RETURNING'));
  return split(end === -1 ? nodes : nodes.slice(0, end), ',').some((item) => item[0] === 'directory');
}

/** The terms of a condition that must all hold. Nothing that an OR is beside, and nothing within NOT, must. */
function conjuncts(condition: readonly Node[]): (readonly Node[])[] {
  if (condition.some((node) => isWord(node, 'OR', 'BETWEEN'))) return [];
  return split(condition, 'AND').flatMap((term) => {
    const [only] = term;
    if (term.length !== 1 || typeof only === 'string' || only === undefined) return [term];
    return isWord(only[0], 'SELECT', 'CASE') ? [] : conjuncts(only);
  });
}

function boundAliases(
  used: readonly Table[],
  terms: readonly { readonly term: readonly Node[]; readonly only: string | undefined }[],
  { isDirectory, outer }: Reading,
): ReadonlySet<string> {
  const bound = new Set<string>();
  const known = (side: Side) =>
    side.kind === 'value' ? isDirectory(side.placeholder) : bound.has(side.alias) || outer.has(side.alias);
  for (let before = -1; before < bound.size; ) {
    before = bound.size;
    for (const { term, only } of terms) {
      const sides = sidesOf(term, used);
      if (sides === undefined) continue;
      for (const [side, other] of [sides, [sides[1], sides[0]] as const]) {
        if (side.kind !== 'column' || (only !== undefined && only !== side.alias)) continue;
        if (used.some(({ alias }) => alias === side.alias) && known(other)) bound.add(side.alias);
      }
    }
  }
  return bound;
}

const PLACEHOLDER = /^(?:\?|\$\d)/;

type Side =
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'column'; readonly alias: string };

/** `r.directory = ?1`, `m.directory = r.directory`, and `directory = ?` where one table has the column. */
function sidesOf(term: readonly Node[], used: readonly Table[]): readonly [Side, Side] | undefined {
  const [left, right, ...more] = split(term, '=').map((operand) => sideOf(operand, used));
  return left === undefined || right === undefined || more.length > 0 ? undefined : [left, right];
}

function sideOf(operand: readonly Node[], used: readonly Table[]): Side | undefined {
  const [first, dot, column, ...more] = operand;
  if (typeof first !== 'string' || more.length > 0) return undefined;
  if (dot === undefined && PLACEHOLDER.test(first)) return { kind: 'value', placeholder: first };
  const [only, ...others] = used;
  if (dot === undefined && first === 'directory' && only !== undefined && others.length === 0) {
    return { kind: 'column', alias: only.alias };
  }
  return dot === '.' && column === 'directory' ? { kind: 'column', alias: first } : undefined;
}

/** Undefined when it writes into a table of no directory and reads no other. */
function checkInsert(nodes: readonly Node[], reading: Reading): string[] {
  const into = nodes.findIndex((node) => isWord(node, 'INTO'));
  const table = nodes[into + 1];
  const named = isWord(nodes[into + 2], 'AS') ? 2 : 0;
  const columns = nodes[into + 2 + named];
  const end = nodes.findIndex((node, index) => isWord(node, 'ON') && isWord(nodes[index + 1], 'CONFLICT'));
  const source = nodes.slice(into + 3 + named, end === -1 ? nodes.length : end);
  const rest = end === -1 ? [] : nodes.slice(end);
  const faults = [...checkPart(source, reading), ...checkPart(rest, reading)];
  if (typeof table !== 'string' || !reading.tables.has(table)) return faults;
  const place =
    typeof columns === 'string' ? -1 : split(columns ?? [], ',').findIndex(([name]) => name === 'directory');
  const written = rowsOf(source).map((row) => row[place]);
  const right = ([value, ...more]: readonly Node[] = []) =>
    typeof value === 'string' && PLACEHOLDER.test(value) && more.length === 0 && reading.isDirectory(value);
  if (place === -1 || written.length === 0 || !written.every(right))
    faults.push(`${table} is written into no directory`);
  return faults;
}

/** The values of `VALUES (…), (…)`, or of `SELECT …`, one list of expressions a row. */
function rowsOf(source: readonly Node[]): (readonly Node[])[][] {
  if (isWord(source[0], 'VALUES')) {
    return source.slice(1).flatMap((node) => (typeof node === 'string' ? [] : [split(node, ',')]));
  }
  return split(source, 'UNION', 'INTERSECT', 'EXCEPT').map((part) => {
    const from = part.findIndex((node) => isWord(node, 'FROM'));
    return split(part.slice(1, from === -1 ? part.length : from), ',');
  });
}

function split(nodes: readonly Node[], ...words: readonly string[]): (readonly Node[])[] {
  const parts: Node[][] = [[]];
  for (const node of nodes) {
    if (isWord(node, ...words)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

function isWord(node: Node | undefined, ...words: readonly string[]): boolean {
  return typeof node === 'string' && words.includes(node.toUpperCase());
}
