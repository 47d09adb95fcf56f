/** `0.1.0`; verbose, a line for each part that runs. */
export async function printVersion(verbose: boolean): Promise<void> {
  const { versions } = await import('../app.ts');
  const { joinery, node, sqlite } = versions();
  console.log(verbose ? `joinery ${joinery}\nNode.js ${node}\nSQLite  ${sqlite}` : joinery);
}
