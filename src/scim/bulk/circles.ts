/**
 * The strongly connected components of a graph (Tarjan 1972), each after all that it needs: one node alone, or a circle of
 * nodes that need each other. `needs[i]` are the nodes that node i needs. Depth is the number of nodes.
 */
export function circlesOf(needs: readonly ReadonlySet<number>[]): readonly (readonly number[])[] {
  const circles: number[][] = [];
  const order: (number | undefined)[] = [];
  const lowest: number[] = [];
  const open: number[] = [];
  const isOpen = new Set<number>();
  let next = 0;

  for (const node of needs.keys()) if (order[node] === undefined) visit(node);
  return circles;

  function visit(node: number): void {
    const own = next;
    next += 1;
    order[node] = own;
    lowest[node] = own;
    open.push(node);
    isOpen.add(node);
    for (const needed of needs[node] ?? []) {
      const known = order[needed];
      if (known === undefined) {
        visit(needed);
        lowest[node] = Math.min(lowest[node] ?? own, lowest[needed] ?? own);
      } else if (isOpen.has(needed)) lowest[node] = Math.min(lowest[node] ?? own, known);
    }
    if (lowest[node] !== own) return;
    const circle = open.splice(open.indexOf(node));
    for (const one of circle) isOpen.delete(one);
    circles.push(circle.sort((a, b) => a - b));
  }
}
